namespace Processor.Authorization;

/// <summary>What became of a key that the network sent.</summary>
public enum ZoneKeyResult : byte
{
    /// <summary>Keys are not taken here.</summary>
    NotTaken,

    /// <summary>It is used from now on.</summary>
    Taken,

    /// <summary>It cannot be used: it is damaged, under another key, for something else, or its check value is another's.</summary>
    Unusable,

    /// <summary>The security module could not take it now.</summary>
    Unavailable,
}
