namespace Processor.Switch;

/// <summary>What became of the authentication code of a message, for metrics and logs.</summary>
internal enum MacVerdict
{
    /// <summary>It was right.</summary>
    Right,

    /// <summary>There was none, and there need not be one.</summary>
    None,

    /// <summary>It was wrong, or did not stand at the message's end.</summary>
    Wrong,

    /// <summary>There was none, and there must be one.</summary>
    Missing,

    /// <summary>The security module did not say.</summary>
    Unchecked,

    /// <summary>An answer was not sent because the security module made no code for it.</summary>
    Unsent,
}
