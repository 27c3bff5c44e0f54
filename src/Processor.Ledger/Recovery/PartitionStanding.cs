namespace Processor.Ledger;

/// <summary>What Postgres knows of a partition now.</summary>
/// <param name="Epoch">The epoch that is valid, or that will be once the partition is rebuilt.</param>
/// <param name="State">Whether it can be decided in.</param>
/// <param name="Recorded">The last journal entry that is recorded: hosts need not keep it any longer.</param>
public readonly record struct PartitionStanding(long Epoch, PartitionState State, JournalId Recorded);
