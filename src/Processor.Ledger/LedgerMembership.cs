namespace Processor.Ledger;

/// <summary>A host's place in the ledger.</summary>
/// <param name="Writer">1 to 2^24 − 1; given to no other start of any host.</param>
/// <param name="Partitions">The state of each partition, by its number.</param>
public sealed record LedgerMembership(int Writer, IReadOnlyList<PartitionRegistration> Partitions);
