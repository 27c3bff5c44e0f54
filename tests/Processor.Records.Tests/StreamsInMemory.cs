using Processor.Ledger;

namespace Processor.Records.Tests;

/// <summary>Streams as a test wants them: contiguous as Redis makes them, or with holes, or rewound.</summary>
internal sealed class StreamsInMemory(int partitions) : IJournal
{
    private readonly Lock gate = new();
    private readonly List<JournalEntry>[] entries = [.. Enumerable.Range(0, partitions).Select(_ => new List<JournalEntry>())];
    private readonly JournalId[] ends = new JournalId[partitions];

    public int Partitions => partitions;

    /// <summary>What was announced last for each partition; 0 for nothing.</summary>
    internal long[] Announced { get; } = new long[partitions];

    /// <summary>True while Redis does not answer.</summary>
    internal bool IsDown { get; set; }

    /// <summary>Runs when a stream is read.</summary>
    internal Action? OnRead { get; set; }

    /// <summary>Runs when the end of a stream was found, and before it is told.</summary>
    internal Func<Task>? OnEnd { get; set; }

    /// <summary>Runs when the first announcement was taken.</summary>
    internal Action? OnAnnounce { get; set; }

    internal JournalId Add(int partition, byte[] payload)
    {
        lock (gate)
        {
            var end = ends[partition];
            return Add(partition, end == JournalId.Zero ? new JournalId(1, 0) : end with { Sequence = end.Sequence + 1 }, payload);
        }
    }

    internal JournalId Add(int partition, JournalId id, byte[] payload)
    {
        lock (gate)
        {
            entries[partition].Add(new JournalEntry(id, payload));
            return ends[partition] = id;
        }
    }

    internal void Rewind(int partition, JournalId end)
    {
        lock (gate)
        {
            entries[partition].RemoveAll(entry => entry.Id > end);
            ends[partition] = end;
        }
    }

    internal int Length(int partition)
    {
        lock (gate)
            return entries[partition].Count;
    }

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(int partition, JournalId after, int count, CancellationToken cancellation)
    {
        Answer();
        OnRead?.Invoke();
        lock (gate)
            return Task.FromResult<IReadOnlyList<JournalEntry>>([.. entries[partition].Where(entry => entry.Id > after).Take(count)]);
    }

    public async Task<JournalId> FindEndAsync(int partition, CancellationToken cancellation)
    {
        Answer();
        JournalId end;
        lock (gate)
            end = ends[partition];
        var found = OnEnd;
        OnEnd = null;
        if (found is not null)
            await found();
        return end;
    }

    public Task TrimAsync(int partition, JournalId through, CancellationToken cancellation)
    {
        Answer();
        lock (gate)
            entries[partition].RemoveAll(entry => entry.Id <= through);
        return Task.CompletedTask;
    }

    public Task AnnounceProjectedAsync(int partition, long through, CancellationToken cancellation)
    {
        Answer();
        Announced[partition] = through;
        var told = OnAnnounce;
        OnAnnounce = null;
        told?.Invoke();
        return Task.CompletedTask;
    }

    private void Answer()
    {
        if (IsDown)
            throw new LedgerUnavailableException("Redis is down in this test.");
    }
}
