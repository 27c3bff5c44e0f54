namespace Processor.Ledger;

/// <summary>Entries that were acknowledged and may be gone for good.</summary>
/// <param name="Last">The last entry that is there: what is lost was behind it, in its epoch or, where nothing of that is left, the next.</param>
/// <param name="Reason">Why, for an operator; names the hosts that may have had them.</param>
public sealed record PartitionLoss(JournalId Last, string Reason);
