namespace Processor.Ledger;

/// <summary>The committed entries of one partition on this host that Postgres may not have yet, so that they outlive Redis.</summary>
/// <remarks>Bytes are kept in large arrays that are used again. The lane adds; whoever watches the recorder trims.</remarks>
internal sealed class RetainedJournal
{
    private const int ChunkLength = 1 << 20;
    private const int SpareMax = 16;

    private readonly Lock gate = new();
    private readonly Queue<Item> items = new();
    private readonly Stack<byte[]> spare = new();
    private byte[] chunk = [];
    private int used;
    private long bytes;

    /// <summary>Bytes of the entries that are kept.</summary>
    internal long Bytes => Volatile.Read(ref bytes);

    /// <summary>Keeps a copy of an entry.</summary>
    internal void Add(JournalId id, ReadOnlySpan<byte> payload)
    {
        lock (gate)
        {
            if (chunk.Length - used < payload.Length)
            {
                chunk = payload.Length <= ChunkLength && spare.TryPop(out var array) ? array : new byte[Math.Max(ChunkLength, payload.Length)];
                used = 0;
            }

            payload.CopyTo(chunk.AsSpan(used));
            items.Enqueue(new Item(id, chunk, used, payload.Length));
            used += payload.Length;
            bytes += payload.Length;
        }
    }

    /// <summary>Reads the entries right behind a position, oldest first, without a gap, at most so many.</summary>
    /// <returns>Empty when the next entry is not among what is kept. The bytes are good until they are recorded.</returns>
    internal List<JournalEntry> Read(JournalId after, int most)
    {
        var found = new List<JournalEntry>();
        lock (gate)
        {
            var last = after;
            foreach (var item in items)
            {
                if (item.Id <= after)
                    continue;
                if (found.Count == most || !item.Id.IsNextOf(last))
                    break;
                found.Add(new JournalEntry(item.Id, item.Chunk.AsMemory(item.Offset, item.Length)));
                last = item.Id;
            }
        }

        return found;
    }

    /// <summary>Lets go of what is recorded.</summary>
    internal void TrimTo(JournalId recorded)
    {
        lock (gate)
        {
            while (items.TryPeek(out var item) && item.Id <= recorded)
            {
                items.Dequeue();
                bytes -= item.Length;
                var isLast = !items.TryPeek(out var next) || !ReferenceEquals(next.Chunk, item.Chunk);
                if (!isLast)
                    continue;
                if (ReferenceEquals(item.Chunk, chunk))
                    used = 0;
                else if (item.Chunk.Length == ChunkLength && spare.Count < SpareMax)
                    spare.Push(item.Chunk);
            }
        }
    }

    /// <summary>Copies what is kept, oldest first.</summary>
    internal IReadOnlyList<JournalEntry> Copy()
    {
        lock (gate)
            return [.. items.Select(item => new JournalEntry(item.Id, item.Chunk.AsSpan(item.Offset, item.Length).ToArray()))];
    }

    internal void Clear()
    {
        lock (gate)
        {
            items.Clear();
            chunk = [];
            used = 0;
            bytes = 0;
        }
    }

    private readonly record struct Item(JournalId Id, byte[] Chunk, int Offset, int Length);
}
