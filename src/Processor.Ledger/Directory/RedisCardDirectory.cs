using System.Buffers.Binary;
using System.Collections.Concurrent;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>The index from PAN hash to account in Redis.</summary>
/// <remarks>Value: account(16) program(i32) then for each instance ordinal(u16) expiry(u16) sequence number(u8), little-endian.
/// An entry only ever gains instances, so a near-cached one is at worst short of the newest; <see cref="FindAsync"/> reads it again.</remarks>
internal sealed class RedisCardDirectory(RedisLink redis) : ICardDirectory
{
    private const int HeadLength = Ulid.ByteLength + 4;
    private const int InstanceLength = 5;
    private const int CapacityMax = 2_000_000;

    // KEYS: the PAN's key. ARGV: head, instance. Appends the instance when it is not there; refuses another account.
    private const string AddScript = """
        local head, instance = ARGV[1], ARGV[2]
        local found = redis.call('GET', KEYS[1])
        if not found then redis.call('SET', KEYS[1], head .. instance) return 1 end
        if string.sub(found, 1, #head) ~= head then return -1 end
        for at = #head + 1, #found, #instance do
            if string.sub(found, at, at + #instance - 1) == instance then return 0 end
        end
        redis.call('SET', KEYS[1], found .. instance)
        return 1
        """;

    private readonly ConcurrentDictionary<PanHash, CardDirectoryEntry> near = new();

    public bool TryFind(PanHash pan, out CardDirectoryEntry entry) => near.TryGetValue(pan, out entry!);

    public async ValueTask<CardDirectoryEntry?> FindAsync(PanHash pan, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var value = (byte[]?)await redis.ReadAsync(RedisNames.Pan(pan));
        if (value is null || value.Length < HeadLength + InstanceLength)
            return null;
        var instances = new CardInstance[(value.Length - HeadLength) / InstanceLength];
        for (var index = 0; index < instances.Length; index++)
        {
            var at = value.AsSpan(HeadLength + (index * InstanceLength));
            instances[index] = new(BinaryPrimitives.ReadUInt16LittleEndian(at), BinaryPrimitives.ReadUInt16LittleEndian(at[2..]), at[4]);
        }

        var entry = new CardDirectoryEntry(Ulid.Read(value), BinaryPrimitives.ReadInt32LittleEndian(value.AsSpan(Ulid.ByteLength)), instances);
        if (near.Count >= CapacityMax)
            near.Clear();
        near[pan] = entry;
        return entry;
    }

    public async Task AddAsync(PanHash pan, Ulid accountId, int program, CardInstance instance, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var head = new byte[HeadLength];
        accountId.Write(head);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(Ulid.ByteLength), program);
        var tail = new byte[InstanceLength];
        BinaryPrimitives.WriteUInt16LittleEndian(tail, instance.Ordinal);
        BinaryPrimitives.WriteUInt16LittleEndian(tail.AsSpan(2), instance.Expiry);
        tail[4] = instance.SequenceNumber;
        var added = (long)await redis.EvaluateAsync(AddScript, [RedisNames.Pan(pan)], [head, tail]);
        if (added < 0)
            throw new InvalidOperationException("That PAN leads to another account.");
        near.TryRemove(pan, out _);
    }
}
