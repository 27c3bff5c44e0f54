namespace Processor.Ledger;

/// <summary>The state of an account. Values are kept in Redis and never renumbered.</summary>
public enum AccountStatus : byte
{
    /// <summary>Money moves.</summary>
    Open = 1,

    /// <summary>Requests are declined; advices and clearing still move money.</summary>
    Paused = 2,

    /// <summary>Ended for good.</summary>
    Closed = 3,
}
