namespace Processor.Ledger;

/// <summary>The cases of a script call's outcome.</summary>
internal enum CommitReplyKind
{
    /// <summary>All was written.</summary>
    Committed,

    /// <summary>Some accounts were changed by another host first; the others were written. Their fields come along.</summary>
    Conflict,

    /// <summary>The same, told again after a lost answer: without fields.</summary>
    ConflictTold,

    /// <summary>Nothing was written: the partition is in another epoch.</summary>
    OtherEpoch,

    /// <summary>Nothing was written: a batch of this writer that had been committed is not known to Redis any more.</summary>
    Rewound,

    /// <summary>Nothing was written: the journal has reached its bound.</summary>
    JournalFull,

    /// <summary>Nothing was written: a later batch of this writer was there already.</summary>
    Overtaken,

    /// <summary>Nothing was written: Redis refused for as long as it was tried.</summary>
    Refused,
}
