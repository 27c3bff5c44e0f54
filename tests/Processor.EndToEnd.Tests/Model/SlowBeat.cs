using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>What a host agrees on with the others, whose news a test can keep from it for a while: when they come they are old.</summary>
internal sealed class SlowBeat(ILedgerRecovery recovery) : ILedgerRecovery
{
    private TaskCompletionSource? gate;
    private int late;

    /// <summary>Rounds of news that came late.</summary>
    internal int Late => Volatile.Read(ref late);

    /// <summary>True while a round's news are kept back.</summary>
    internal bool IsWaiting { get; private set; }

    /// <summary>Keeps the news of the next round back.</summary>
    internal void Hold() => gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets them come.</summary>
    internal void LetGo() => Interlocked.Exchange(ref gate, null)?.SetResult();

    public async Task<IReadOnlyList<PartitionStanding>> BeatAsync(int writer, CancellationToken cancellation)
    {
        var held = gate;
        var news = await recovery.BeatAsync(writer, cancellation);
        if (held is null)
            return news;
        IsWaiting = true;
        await held.Task.WaitAsync(cancellation);
        IsWaiting = false;
        Interlocked.Increment(ref late);
        return news;
    }

    public Task LeaveAsync(int writer, IReadOnlyList<JournalId> unrecorded, CancellationToken cancellation) =>
        recovery.LeaveAsync(writer, unrecorded, cancellation);

    public Task<IReadOnlyList<SilentHost>> ListSilentAsync(CancellationToken cancellation) => recovery.ListSilentAsync(cancellation);

    public Task StrikeOutAsync(SilentHost host, JournalId last, CancellationToken cancellation) => recovery.StrikeOutAsync(host, last, cancellation);

    public Task<bool> ConfirmAsync(int partition, long epoch, string run, int writer, CancellationToken cancellation) =>
        recovery.ConfirmAsync(partition, epoch, run, writer, cancellation);

    public Task<bool> EndEpochAsync(int partition, long epoch, string reason, CancellationToken cancellation) =>
        recovery.EndEpochAsync(partition, epoch, reason, cancellation);

    public Task<PartitionLoss?> HandInAsync(int partition, long epoch, int writer, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) =>
        recovery.HandInAsync(partition, epoch, writer, entries, cancellation);

    public Task<IPartitionRebuild?> TryBeginRebuildAsync(int partition, CancellationToken cancellation) =>
        recovery.TryBeginRebuildAsync(partition, cancellation);
}
