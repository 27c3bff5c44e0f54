using Processor.Cards;

namespace Processor.Ledger;

/// <summary>What hosts agree on through Postgres so that a lost or rewound Redis is noticed and rebuilt; <c>Processor.Records</c> implements it.</summary>
/// <remarks>All of it throws when Postgres cannot be asked; then nothing is changed, and the caller tries again.</remarks>
public interface ILedgerRecovery
{
    /// <summary>Says that this host lives, and asks how all partitions stand.</summary>
    Task<IReadOnlyList<PartitionStanding>> BeatAsync(int writer, CancellationToken cancellation);

    /// <summary>Says that the host leaves and commits nothing more.</summary>
    /// <param name="writer">The host.</param>
    /// <param name="unrecorded">For each partition its last entry, if that may not be recorded yet; else <see cref="JournalId.Zero"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task LeaveAsync(int writer, IReadOnlyList<JournalId> unrecorded, CancellationToken cancellation);

    /// <summary>Lists the hosts that are not seen any more, did not leave and are not struck out, for each partition.</summary>
    Task<IReadOnlyList<SilentHost>> ListSilentAsync(CancellationToken cancellation);

    /// <summary>Notes that a host commits nothing more in a partition, so that its death is no loss once its last entry is there.</summary>
    /// <param name="host">The host, as it was listed. The note is void when it was seen since.</param>
    /// <param name="last">Nothing of it is behind this entry.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task StrikeOutAsync(SilentHost host, JournalId last, CancellationToken cancellation);

    /// <summary>Says that this host lives, and that a run of Redis has all that it knows of a partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="epoch">The epoch in which the host looked.</param>
    /// <param name="run">The run's name.</param>
    /// <param name="writer">The host.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>True when every host that lives has said so and the epoch is still valid: only then may the run be written to.</returns>
    Task<bool> ConfirmAsync(int partition, long epoch, string run, int writer, CancellationToken cancellation);

    /// <summary>Ends an epoch: what Redis has of the partition is not what was committed.</summary>
    /// <returns>False when the epoch had ended already.</returns>
    Task<bool> EndEpochAsync(int partition, long epoch, string reason, CancellationToken cancellation);

    /// <summary>Hands in the committed entries that this host still has, once for each epoch that ended.</summary>
    /// <returns>What it handed in too late, which is noted as a loss: the partition was rebuilt without it. Null when that is nothing.</returns>
    Task<PartitionLoss?> HandInAsync(int partition, long epoch, int writer, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation);

    /// <summary>Takes the rebuilding of a partition on, if all hosts that live have handed in and no other host has.</summary>
    /// <returns>Null when there is nothing to do here now.</returns>
    Task<IPartitionRebuild?> TryBeginRebuildAsync(int partition, CancellationToken cancellation);
}
