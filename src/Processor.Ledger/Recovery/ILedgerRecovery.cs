using Processor.Cards;

namespace Processor.Ledger;

/// <summary>What hosts agree on through Postgres so that a lost or rewound Redis is noticed and rebuilt; <c>Processor.Records</c> implements it.</summary>
/// <remarks>All of it throws when Postgres cannot be asked; then nothing is changed, and the caller tries again.</remarks>
public interface ILedgerRecovery
{
    /// <summary>Says that this host lives, and asks how all partitions stand.</summary>
    Task<IReadOnlyList<PartitionStanding>> BeatAsync(int writer, CancellationToken cancellation);

    /// <summary>Says that the host leaves with nothing of its own unrecorded.</summary>
    Task LeaveAsync(int writer, CancellationToken cancellation);

    /// <summary>Says that a run of Redis has all that this host knows of a partition.</summary>
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
    Task HandInAsync(int partition, long epoch, int writer, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation);

    /// <summary>Takes the rebuilding of a partition on, if all hosts that live have handed in and no other host has.</summary>
    /// <returns>Null when there is nothing to do here now.</returns>
    Task<IPartitionRebuild?> TryBeginRebuildAsync(int partition, CancellationToken cancellation);
}
