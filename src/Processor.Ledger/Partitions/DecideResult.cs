namespace Processor.Ledger;

/// <summary>What a decision asks of the lane.</summary>
public enum DecideResult
{
    /// <summary>The account changed, or an event was recorded: commit, then complete.</summary>
    Changed,

    /// <summary>Nothing changed: complete once what was read is known to be durable.</summary>
    Unchanged,

    /// <summary>Nothing changed: load every hold of the account and decide again.</summary>
    NeedsHolds,

    /// <summary>Nothing changed: ask Postgres for the key and for <see cref="LedgerOperation.Original"/>, then decide again.</summary>
    NeedsHistory,

    /// <summary>Nothing changed: complete at once. The operation has to learn something that is not the ledger's, and is submitted again; what it is
    /// told may be stale, as the decision after it is checked.</summary>
    Asks,
}
