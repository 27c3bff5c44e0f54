using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>Stands between a host and what it agrees on with the others, and passes everything on: what a test changes of it overrides this.</summary>
internal abstract class PassedOn(ILedgerRecovery recovery) : ILedgerRecovery
{
    /// <summary>Where it is passed on to.</summary>
    protected virtual ILedgerRecovery Next => recovery;

    public virtual Task<IReadOnlyList<PartitionStanding>> BeatAsync(int writer, CancellationToken cancellation) => Next.BeatAsync(writer, cancellation);

    public Task LeaveAsync(int writer, IReadOnlyList<JournalId> unrecorded, CancellationToken cancellation) =>
        Next.LeaveAsync(writer, unrecorded, cancellation);

    public Task<IReadOnlyList<SilentHost>> ListSilentAsync(CancellationToken cancellation) => Next.ListSilentAsync(cancellation);

    public Task StrikeOutAsync(SilentHost host, JournalId last, CancellationToken cancellation) => Next.StrikeOutAsync(host, last, cancellation);

    public Task<bool> ConfirmAsync(int partition, long epoch, string run, int writer, CancellationToken cancellation) =>
        Next.ConfirmAsync(partition, epoch, run, writer, cancellation);

    public Task<bool> EndEpochAsync(int partition, long epoch, string reason, CancellationToken cancellation) =>
        Next.EndEpochAsync(partition, epoch, reason, cancellation);

    public Task<PartitionLoss?> HandInAsync(int partition, long epoch, int writer, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) =>
        Next.HandInAsync(partition, epoch, writer, entries, cancellation);

    public virtual Task<IPartitionRebuild?> TryBeginRebuildAsync(int partition, CancellationToken cancellation) =>
        Next.TryBeginRebuildAsync(partition, cancellation);
}
