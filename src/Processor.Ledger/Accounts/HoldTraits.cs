namespace Processor.Ledger;

/// <summary>Circumstances of a hold or an event. Values are kept and never renumbered.</summary>
[Flags]
public enum HoldTraits : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Counted against cash limits.</summary>
    Cash = 1,

    /// <summary>Approved in part.</summary>
    Partial = 2,

    /// <summary>An advice or completion that took available below the floor.</summary>
    BelowFloor = 4,

    /// <summary>No original was found for an advice or completion.</summary>
    Unlinked = 8,

    /// <summary>Counted in the limits, so that a release restores them.</summary>
    Counted = 16,

    /// <summary>The message was an xxx1.</summary>
    Repeat = 32,

    /// <summary>The answer missed its deadline and the sender was told 91.</summary>
    Late = 64,

    /// <summary>The answer had a command for the chip.</summary>
    Script = 128,
}
