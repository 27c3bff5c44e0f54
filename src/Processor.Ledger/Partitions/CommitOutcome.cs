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

    /// <summary>It may be done or not: the host stops while a call is under way whose answer is not there. Nobody may be told either.</summary>
    Unknown,

    /// <summary>Nothing was done: the decision threw, and the log has why.</summary>
    Failed,
}
