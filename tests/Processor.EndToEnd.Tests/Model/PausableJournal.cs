using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>The streams of a recorder that is stopped in the middle of a step, as a process is by SIGSTOP: what it had read it still
/// has when it goes on.</summary>
internal sealed class PausableJournal(IJournal journal) : IJournal
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isPausing;

    /// <inheritdoc/>
    public int Partitions => journal.Partitions;

    /// <summary>Ends when it stands still with entries in its hands.</summary>
    internal Task Reached => reached.Task;

    /// <summary>Stops it after its next read of entries.</summary>
    internal void Pause() => isPausing = true;

    /// <summary>Lets it go on.</summary>
    internal void Resume()
    {
        isPausing = false;
        resumed.TrySetResult();
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalEntry>> ReadAsync(int partition, JournalId after, int count, CancellationToken cancellation)
    {
        var entries = await journal.ReadAsync(partition, after, count, cancellation);
        if (!isPausing || entries.Count == 0)
            return entries;
        reached.TrySetResult();
        await resumed.Task.WaitAsync(cancellation);
        return entries;
    }

    /// <inheritdoc/>
    public Task<JournalId> FindEndAsync(int partition, CancellationToken cancellation) => journal.FindEndAsync(partition, cancellation);

    /// <inheritdoc/>
    public Task TrimAsync(int partition, JournalId through, CancellationToken cancellation) => journal.TrimAsync(partition, through, cancellation);

    /// <inheritdoc/>
    public Task AnnounceProjectedAsync(int partition, long through, CancellationToken cancellation) => journal.AnnounceProjectedAsync(partition, through, cancellation);
}
