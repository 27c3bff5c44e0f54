namespace Processor.Ledger;

/// <summary>What Redis has of a partition.</summary>
/// <param name="Epoch">The epoch in its metadata; null when Redis has none.</param>
/// <param name="End">The id of its newest journal entry.</param>
/// <param name="Entries">Journal entries that are not recorded yet, or not let go.</param>
/// <param name="Bytes">Memory that those entries take.</param>
/// <param name="ProjectedThrough">Postgres answers history of what was committed before; null when that was never announced.</param>
public sealed record PartitionMeasure(string? Epoch, JournalId End, long Entries, long Bytes, DateTimeOffset? ProjectedThrough);
