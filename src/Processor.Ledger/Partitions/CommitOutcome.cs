namespace Processor.Ledger;

/// <summary>What became of a submitted operation.</summary>
public enum CommitOutcome
{
    /// <summary>Decided, and what the decision changed is durable.</summary>
    Committed,

    /// <summary>Nothing was done: the ledger cannot be reached, its partition is stopped, or a bound is reached.</summary>
    Unavailable,

    /// <summary>Nothing was done: the ledger has no such account.</summary>
    AccountNotFound,

    /// <summary>Nothing was done: the decision threw, and the log has why.</summary>
    Failed,
}
