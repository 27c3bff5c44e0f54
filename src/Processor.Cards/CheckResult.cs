namespace Processor.Cards;

/// <summary>What checking one credential came to. The values are kept in the journal and never renumbered; at most 15.</summary>
public enum CheckResult : byte
{
    /// <summary>The message had nothing of the kind.</summary>
    None = 0,

    /// <summary>It is right.</summary>
    Match = 1,

    /// <summary>It is wrong.</summary>
    Mismatch = 2,

    /// <summary>It came, and cannot be read as what it should be.</summary>
    Unreadable = 3,

    /// <summary>It came, and the program does not check it.</summary>
    NotChecked = 4,

    /// <summary>It came, and the security module gave no answer.</summary>
    Unavailable = 5,

    /// <summary>It was right once and has been used.</summary>
    Replayed = 6,
}
