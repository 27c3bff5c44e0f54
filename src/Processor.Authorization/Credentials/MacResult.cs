namespace Processor.Authorization;

/// <summary>What became of a message's authentication code.</summary>
public enum MacResult : byte
{
    /// <summary>Nobody knows: the security module gave no answer, or has no such key.</summary>
    Unavailable,

    /// <summary>It is the message's.</summary>
    Right,

    /// <summary>It is not.</summary>
    Wrong,
}
