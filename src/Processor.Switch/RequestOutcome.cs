namespace Processor.Switch;

/// <summary>How a request ended, for metrics.</summary>
internal enum RequestOutcome : byte
{
    /// <summary>Approved in full, verified, or network management done.</summary>
    Approved,

    /// <summary>Approved in part.</summary>
    Partial,

    /// <summary>Declined by a decision.</summary>
    Declined,

    /// <summary>An advice or a reversal that was committed.</summary>
    Accepted,

    /// <summary>Unreadable, incomplete, or of a class that is not served.</summary>
    Rejected,

    /// <summary>The ledger could not be reached.</summary>
    Unavailable,

    /// <summary>A mistake of our own.</summary>
    Failed,

    /// <summary>The deadline passed first.</summary>
    Late,
}
