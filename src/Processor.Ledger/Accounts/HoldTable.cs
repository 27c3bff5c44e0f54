using System.Numerics;
using System.Runtime.CompilerServices;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>The holds of one account in memory, found by key and marked when they changed.</summary>
/// <remarks>Most of a host's memory is holds, so there is one entry for each and nothing beside it but its name, by which originals
/// are searched: names of committed holds are right, and those of marked ones may be old. Entries of one bucket are chained, and an entry
/// tells where the chain of the bucket of its own number begins.
/// Both stand in chunks that are never copied, and pinned ones, which are born old: a young array that an old table is given costs the
/// collector 3 to 6 µs at its next stop, and a host in a hurry would give thousands of them between two stops.</remarks>
internal sealed class HoldTable
{
    // Chunks of 4 slots, and from 16 slots on of a third to a half of what there is, up to 128.
    private const int LeastChunkBits = 2;
    private const int MostChunkBits = PinnedStock<Entry>.MostBits;

    // Enough for 768 holds.
    private const int ChunksAtFirst = 16;
    private const int None = -1;

    private Entry[][] entries = new Entry[ChunksAtFirst][];
    private HoldName[][] names = new HoldName[ChunksAtFirst][];
    private int[] marked = new int[4];
    private Dictionary<UInt128, OriginalQuery>? tombstones;
    private int free = None;
    private int count;
    private int capacity;
    private int buckets;

    private enum Mark : byte
    {
        None,
        Added,
        Changed,
        Removed,
        Free,
    }

    /// <summary>Holds in memory.</summary>
    internal int Count { get; private set; }

    /// <summary>About what it takes of memory.</summary>
    internal long Bytes => (long)capacity * (Unsafe.SizeOf<Entry>() + Unsafe.SizeOf<HoldName>());

    /// <summary>Slots that were marked since <see cref="ClearMarks"/>.</summary>
    internal ReadOnlySpan<int> Marked => marked.AsSpan(0, MarkedCount);

    internal int MarkedCount { get; private set; }

    /// <summary>Slots in use or free, 0 to this.</summary>
    internal int SlotCount => count;

    internal ref HoldRecord At(int slot) => ref EntryAt(slot).Record;

    internal UInt128 KeyAt(int slot) => EntryAt(slot).Key;

    internal bool IsAdded(int slot) => EntryAt(slot).Mark == Mark.Added;

    internal bool IsRemoved(int slot) => EntryAt(slot).Mark == Mark.Removed;

    internal bool IsLive(int slot) => EntryAt(slot).Mark is not (Mark.Free or Mark.Removed);

    internal int Find(UInt128 key)
    {
        if (buckets == 0)
            return None;
        var slot = FirstOf(key) - 1;
        while (slot >= 0)
        {
            ref readonly var entry = ref EntryAt(slot);
            if (entry.Key == key)
                return slot;
            slot = entry.Next;
        }

        return None;
    }

    /// <summary>Takes in a hold as Redis has it, unmarked.</summary>
    internal int Load(UInt128 key, in HoldRecord record)
    {
        var slot = Find(key);
        if (slot < 0)
            slot = Take(key);
        At(slot) = record;
        NameAt(slot) = HoldName.Of(in record);
        return slot;
    }

    /// <summary>Adds a hold that must not be in Redis yet.</summary>
    internal ref HoldRecord Add(UInt128 key, out int slot)
    {
        slot = Take(key);
        ref var record = ref At(slot);
        record = default;
        SetMark(slot, Mark.Added);
        return ref record;
    }

    /// <summary>Marks a hold as changed and hands it out.</summary>
    internal ref HoldRecord Change(int slot)
    {
        if (EntryAt(slot).Mark == Mark.None)
            SetMark(slot, Mark.Changed);
        return ref At(slot);
    }

    /// <summary>Marks a hold for removal from Redis; it is not found any more.</summary>
    internal void Remove(int slot)
    {
        Unchain(slot);
        ref var entry = ref EntryAt(slot);
        if (entry.Mark == Mark.None)
            SetMark(slot, Mark.Removed);
        else
            entry.Mark = Mark.Removed;
    }

    /// <summary>Drops an unmarked hold from memory; Redis is not told.</summary>
    internal void Forget(UInt128 key)
    {
        var slot = Find(key);
        if (slot < 0 || EntryAt(slot).Mark != Mark.None)
            return;
        Unchain(slot);
        Free(slot);
    }

    /// <summary>The batch was committed: what was marked is now as Redis has it.</summary>
    internal void ClearMarks()
    {
        for (var index = 0; index < MarkedCount; index++)
        {
            var slot = marked[index];
            ref var entry = ref EntryAt(slot);
            if (entry.Mark == Mark.Removed)
            {
                Free(slot);
                continue;
            }

            entry.Mark = Mark.None;
            NameAt(slot) = HoldName.Of(in entry.Record);
        }

        MarkedCount = 0;
    }

    internal int FindOriginal(in OriginalQuery query)
    {
        var name = HoldName.Of(in query);
        int byElements = None, byNetworkId = None, byReference = None;
        for (var slot = 0; slot < count;)
        {
            foreach (ref readonly var other in NamesFrom(slot))
            {
                if (other.MayBe(in name))
                    Weigh(slot, in query);
                slot++;
            }
        }

        foreach (var slot in Marked)
            Weigh(slot, in query);
        if (byElements >= 0)
            return byElements;
        return byNetworkId >= 0 ? byNetworkId : byReference;

        void Weigh(int slot, in OriginalQuery query)
        {
            if (!IsLive(slot))
                return;
            ref readonly var hold = ref At(slot);
            if (query.MatchesElements(in hold) && IsLater(slot, byElements))
                byElements = slot;
            if (query.MatchesNetworkId(in hold) && IsRather(slot, byNetworkId))
                byNetworkId = slot;
            if (query.MatchesReference(in hold) && IsRather(slot, byReference))
                byReference = slot;
        }
    }

    internal int FindTombstone(in HoldRecord original)
    {
        if (tombstones is null)
            return None;
        UInt128? first = null;
        foreach (var (key, query) in tombstones)
        {
            // Of several the one that every host takes.
            if ((query.MatchesElements(in original) || query.MatchesNetworkId(in original) || query.MatchesReference(in original)) && (first is null || key < first))
                first = key;
        }

        return first is { } found ? Find(found) : None;
    }

    /// <summary>Keeps what a tombstone waits for.</summary>
    internal void SetTombstone(UInt128 key, in OriginalQuery query) => (tombstones ??= [])[key] = query;

    internal bool TryGetTombstone(UInt128 key, out OriginalQuery query)
    {
        query = default;
        return tombstones is not null && tombstones.TryGetValue(key, out query);
    }

    // Slots are in no order that two hosts share; the key decides between two of the same moment.
    private bool IsLater(int slot, int best) =>
        best < 0 || (At(slot).CreatedAt, KeyAt(slot)).CompareTo((At(best).CreatedAt, KeyAt(best))) > 0;

    private bool IsRather(int slot, int best)
    {
        var precedence = best < 0 ? 0 : OriginalQuery.Precedence(in At(slot)).CompareTo(OriginalQuery.Precedence(in At(best)));
        return precedence > 0 || (precedence == 0 && IsLater(slot, best));
    }

    // Slots 0 to 15 stand in four chunks of 4, 16 to 31 in two of 8, 32 to 63 in two of 16, and so on; from 256 on each chunk has 128.
    private static int ChunkBitsAt(int slot) => Math.Clamp(BitOperations.Log2((uint)slot) - 1, LeastChunkBits, MostChunkBits);

    private static int ChunkOf(int slot, int bits) => ((bits - LeastChunkBits) * 2) + (slot >> bits);

    private static ref T At<T>(T[][] chunks, int slot)
    {
        var bits = ChunkBitsAt(slot);
        return ref chunks[ChunkOf(slot, bits)][slot & ((1 << bits) - 1)];
    }

    private ref Entry EntryAt(int slot) => ref At(entries, slot);

    private ref HoldName NameAt(int slot) => ref At(names, slot);

    // The names of a chunk that begins with this slot, as far as there are slots.
    private ReadOnlySpan<HoldName> NamesFrom(int slot)
    {
        ReadOnlySpan<HoldName> chunk = names[ChunkOf(slot, ChunkBitsAt(slot))];
        return chunk[..Math.Min(chunk.Length, count - slot)];
    }

    // One above the slot where the chain of the key's bucket begins. Request keys are hashes already.
    private ref int FirstOf(UInt128 key) => ref EntryAt((int)(uint)key & (buckets - 1)).First;

    private int Take(UInt128 key)
    {
        var slot = free;
        if (slot >= 0)
        {
            free = EntryAt(slot).Next;
        }
        else
        {
            if (count == capacity)
                Grow();
            slot = count++;
        }

        ref var entry = ref EntryAt(slot);
        entry.Key = key;
        entry.Mark = Mark.None;
        Chain(ref entry, slot);
        Count++;
        return slot;
    }

    private void Chain(ref Entry entry, int slot)
    {
        ref var first = ref FirstOf(entry.Key);
        entry.Next = first - 1;
        first = slot + 1;
    }

    private void Unchain(int slot)
    {
        ref readonly var entry = ref EntryAt(slot);
        tombstones?.Remove(entry.Key);
        Count--;
        ref var first = ref FirstOf(entry.Key);
        if (first - 1 == slot)
        {
            first = entry.Next + 1;
            return;
        }

        var before = first - 1;
        while (EntryAt(before).Next != slot)
            before = EntryAt(before).Next;
        EntryAt(before).Next = entry.Next;
    }

    private void Free(int slot)
    {
        ref var entry = ref EntryAt(slot);
        entry.Mark = Mark.Free;
        entry.Next = free;
        free = slot;
    }

    private void SetMark(int slot, Mark mark)
    {
        EntryAt(slot).Mark = mark;
        if (MarkedCount == marked.Length)
            Array.Resize(ref marked, marked.Length * 2);
        marked[MarkedCount++] = slot;
    }

    private void Grow()
    {
        var bits = ChunkBitsAt(capacity);
        var chunk = ChunkOf(capacity, bits);
        if (chunk == entries.Length)
        {
            Array.Resize(ref entries, chunk * 2);
            Array.Resize(ref names, chunk * 2);
        }

        entries[chunk] = PinnedStock<Entry>.Take(bits);
        names[chunk] = PinnedStock<HoldName>.Take(bits);
        capacity += 1 << bits;
        if (BitOperations.IsPow2(capacity))
            ChainAll();
    }

    private void ChainAll()
    {
        for (var bucket = 0; bucket < buckets; bucket++)
            EntryAt(bucket).First = 0;
        buckets = capacity;
        for (var slot = 0; slot < count; slot++)
        {
            if (IsLive(slot))
                Chain(ref EntryAt(slot), slot);
        }
    }

    private struct Entry
    {
        internal UInt128 Key;
        internal HoldRecord Record;

        // Of a live entry the next of its bucket, of a free one the next that is free; none is −1.
        internal int Next;

        // It has nothing to do with the record beside it: one above the slot with which the bucket of this slot's number begins; 0 for an empty one.
        internal int First;
        internal Mark Mark;
    }
}
