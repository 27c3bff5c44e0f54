using Processor.Cards;

namespace Processor.Ledger;

/// <summary>The holds of one account in memory: records in an array, found by key through a dictionary, marked when they changed.</summary>
internal sealed class HoldTable
{
    private readonly Dictionary<UInt128, int> slots = [];
    private HoldRecord[] records = [];
    private readonly Dictionary<UInt128, OriginalQuery> tombstones = [];
    private readonly Stack<int> free = new();
    private UInt128[] keys = [];
    private Mark[] marks = [];
    private int[] marked = [];
    private int count;

    private enum Mark : byte
    {
        None,
        Added,
        Changed,
        Removed,
        Free,
    }

    /// <summary>Holds in memory.</summary>
    internal int Count => slots.Count;

    /// <summary>Slots that were marked since <see cref="ClearMarks"/>.</summary>
    internal ReadOnlySpan<int> Marked => marked.AsSpan(0, MarkedCount);

    internal int MarkedCount { get; private set; }

    /// <summary>Slots in use or free, 0 to this.</summary>
    internal int SlotCount => count;

    internal ref HoldRecord At(int slot) => ref records[slot];

    internal UInt128 KeyAt(int slot) => keys[slot];

    internal bool IsAdded(int slot) => marks[slot] == Mark.Added;

    internal bool IsRemoved(int slot) => marks[slot] == Mark.Removed;

    internal bool IsLive(int slot) => marks[slot] is not (Mark.Free or Mark.Removed);

    internal int Find(UInt128 key) => slots.TryGetValue(key, out var slot) ? slot : -1;

    /// <summary>Takes in a hold as Redis has it, unmarked.</summary>
    internal int Load(UInt128 key, in HoldRecord record)
    {
        if (!slots.TryGetValue(key, out var slot))
            slot = Take(key);
        records[slot] = record;
        return slot;
    }

    /// <summary>Adds a hold that must not be in Redis yet.</summary>
    internal ref HoldRecord Add(UInt128 key, out int slot)
    {
        slot = Take(key);
        records[slot] = default;
        SetMark(slot, Mark.Added);
        return ref records[slot];
    }

    /// <summary>Marks a hold as changed and hands it out.</summary>
    internal ref HoldRecord Change(int slot)
    {
        if (marks[slot] == Mark.None)
            SetMark(slot, Mark.Changed);
        return ref records[slot];
    }

    /// <summary>Marks a hold for removal from Redis; it is not found any more.</summary>
    internal void Remove(int slot)
    {
        slots.Remove(keys[slot]);
        tombstones.Remove(keys[slot]);
        if (marks[slot] == Mark.None)
            SetMark(slot, Mark.Removed);
        else
            marks[slot] = Mark.Removed;
    }

    /// <summary>Drops an unmarked hold from memory; Redis is not told.</summary>
    internal void Forget(UInt128 key)
    {
        if (!slots.TryGetValue(key, out var slot) || marks[slot] != Mark.None)
            return;
        slots.Remove(key);
        tombstones.Remove(key);
        marks[slot] = Mark.Free;
        free.Push(slot);
    }

    /// <summary>The batch was committed: what was marked is now as Redis has it.</summary>
    internal void ClearMarks()
    {
        for (var index = 0; index < MarkedCount; index++)
        {
            var slot = marked[index];
            if (marks[slot] != Mark.Removed)
            {
                marks[slot] = Mark.None;
                continue;
            }

            marks[slot] = Mark.Free;
            free.Push(slot);
        }

        MarkedCount = 0;
    }

    internal int FindOriginal(in OriginalQuery query)
    {
        var best = -1;
        if (query.HasOriginalElements)
        {
            for (var slot = 0; slot < count; slot++)
            {
                if (IsLive(slot) && query.MatchesElements(in records[slot]) && IsLater(slot, best))
                    best = slot;
            }
        }

        if (best >= 0)
            return best;
        for (var slot = 0; query.NetworkId != 0 && slot < count; slot++)
        {
            if (IsLive(slot) && query.MatchesNetworkId(in records[slot]) && IsRather(slot, best))
                best = slot;
        }

        if (best >= 0)
            return best;
        for (var slot = 0; slot < count; slot++)
        {
            if (IsLive(slot) && query.MatchesReference(in records[slot]) && IsRather(slot, best))
                best = slot;
        }

        return best;
    }

    internal int FindTombstone(in HoldRecord original)
    {
        foreach (var (key, query) in tombstones)
        {
            if (query.MatchesElements(in original) || query.MatchesNetworkId(in original) || query.MatchesReference(in original))
                return Find(key);
        }

        return -1;
    }

    /// <summary>Keeps what a tombstone waits for.</summary>
    internal void SetTombstone(UInt128 key, in OriginalQuery query) => tombstones[key] = query;

    internal bool TryGetTombstone(UInt128 key, out OriginalQuery query) => tombstones.TryGetValue(key, out query);

    // Slots are in no order that two hosts share; the key decides between two of the same moment.
    private bool IsLater(int slot, int best) =>
        best < 0 || (records[slot].CreatedAt, keys[slot]).CompareTo((records[best].CreatedAt, keys[best])) > 0;

    private bool IsRather(int slot, int best)
    {
        var precedence = best < 0 ? 0 : OriginalQuery.Precedence(in records[slot]).CompareTo(OriginalQuery.Precedence(in records[best]));
        return precedence > 0 || (precedence == 0 && IsLater(slot, best));
    }

    private int Take(UInt128 key)
    {
        if (!free.TryPop(out var slot))
        {
            if (count == records.Length)
                Grow();
            slot = count++;
        }

        marks[slot] = Mark.None;
        keys[slot] = key;
        slots.Add(key, slot);
        return slot;
    }

    private void SetMark(int slot, Mark mark)
    {
        marks[slot] = mark;
        if (MarkedCount == marked.Length)
            Array.Resize(ref marked, Math.Max(8, marked.Length * 2));
        marked[MarkedCount++] = slot;
    }

    private void Grow()
    {
        var size = Math.Max(4, records.Length * 2);
        Array.Resize(ref records, size);
        Array.Resize(ref keys, size);
        Array.Resize(ref marks, size);
    }
}
