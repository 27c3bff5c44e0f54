using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>The streams of a recorder that is stopped in the middle of a step, as a process is by SIGSTOP: what it had read it still
/// has when it goes on.</summary>
internal sealed class PausableJournal(IJournal journal) : IJournal
{
    private volatile TaskCompletionSource reached = New();
    private volatile TaskCompletionSource resumed = New();
    private volatile bool isPausing;

    /// <inheritdoc/>
    public int Partitions => journal.Partitions;

    /// <summary>Ends when it stands still with entries in its hands.</summary>
    internal Task Reached => reached.Task;

    /// <summary>Stops it after its next read of entries.</summary>
    internal void Pause()
    {
        (reached, resumed) = (New(), New());
        isPausing = true;
    }

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
        var gate = resumed;
        reached.TrySetResult();
        await gate.Task.WaitAsync(cancellation);
        return entries;
    }

    /// <inheritdoc/>
    public Task<JournalId> FindEndAsync(int partition, CancellationToken cancellation) => journal.FindEndAsync(partition, cancellation);

    /// <inheritdoc/>
    public Task TrimAsync(int partition, JournalId through, CancellationToken cancellation) => journal.TrimAsync(partition, through, cancellation);

    /// <inheritdoc/>
    public Task AnnounceProjectedAsync(int partition, long through, CancellationToken cancellation) => journal.AnnounceProjectedAsync(partition, through, cancellation);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
