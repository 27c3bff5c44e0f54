using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>What a host agrees on with the others, from which a test can cut it off: Postgres does not answer it then.</summary>
internal sealed class CutOff(ILedgerRecovery recovery) : ILedgerRecovery
{
    /// <summary>True while nothing that it asks is answered.</summary>
    internal bool IsCut { get; set; }

    /// <summary>True while it cannot even find that out: it looks after nothing.</summary>
    internal bool IsStuck { get; set; }

    public async Task<IReadOnlyList<PartitionStanding>> BeatAsync(int writer, CancellationToken cancellation)
    {
        while (IsStuck)
            await Task.Delay(10, cancellation);
        return await Reached.BeatAsync(writer, cancellation);
    }

    public Task LeaveAsync(int writer, IReadOnlyList<JournalId> unrecorded, CancellationToken cancellation) =>
        Reached.LeaveAsync(writer, unrecorded, cancellation);

    public Task<IReadOnlyList<SilentHost>> ListSilentAsync(CancellationToken cancellation) => Reached.ListSilentAsync(cancellation);

    public Task StrikeOutAsync(SilentHost host, JournalId last, CancellationToken cancellation) => Reached.StrikeOutAsync(host, last, cancellation);

    public Task<bool> ConfirmAsync(int partition, long epoch, string run, int writer, CancellationToken cancellation) =>
        Reached.ConfirmAsync(partition, epoch, run, writer, cancellation);

    public Task<bool> EndEpochAsync(int partition, long epoch, string reason, CancellationToken cancellation) =>
        Reached.EndEpochAsync(partition, epoch, reason, cancellation);

    public Task<PartitionLoss?> HandInAsync(int partition, long epoch, int writer, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) =>
        Reached.HandInAsync(partition, epoch, writer, entries, cancellation);

    public Task<IPartitionRebuild?> TryBeginRebuildAsync(int partition, CancellationToken cancellation) =>
        Reached.TryBeginRebuildAsync(partition, cancellation);

    private ILedgerRecovery Reached => IsCut ? throw new TimeoutException("Postgres does not answer this host.") : recovery;
}
