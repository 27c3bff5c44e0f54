using System.Collections.Concurrent;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Switch.Tests;

/// <summary>A card directory in memory: what is near is found at once, what is far after a wait that the test ends.</summary>
internal sealed class CardList : ICardDirectory
{
    private readonly Dictionary<PanHash, CardDirectoryEntry> near = [];
    private readonly ConcurrentDictionary<PanHash, CardDirectoryEntry> far = [];

    /// <summary>Look-ups beyond the near cache wait for this.</summary>
    public Task Far { get; set; } = Task.CompletedTask;

    /// <summary>Look-ups of any kind.</summary>
    public int Lookups { get; private set; }

    public CardDirectoryEntry Add(Pan pan, bool isNear = true)
    {
        var hash = new PlainHasher().Hash(pan);
        var entry = new CardDirectoryEntry(new Ulid(hash.Value + 1), Program: 7, [new CardInstance(Ordinal: 3, Expiry: 3112, SequenceNumber: 0)]);
        if (isNear)
            near[hash] = entry;
        else
            far[hash] = entry;
        return entry;
    }

    public bool TryFind(PanHash pan, out CardDirectoryEntry entry)
    {
        Lookups++;
        return near.TryGetValue(pan, out entry!);
    }

    public async ValueTask<CardDirectoryEntry?> FindAsync(PanHash pan, CancellationToken cancellation)
    {
        await Far;
        return far.GetValueOrDefault(pan);
    }

    public Task AddAsync(PanHash pan, Ulid accountId, int program, CardInstance instance, CancellationToken cancellation) =>
        throw new NotSupportedException("No test of the switch alone gets so far.");
}
