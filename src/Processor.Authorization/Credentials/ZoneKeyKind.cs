namespace Processor.Authorization;

/// <summary>What a key of a link is for.</summary>
public enum ZoneKeyKind : byte
{
    /// <summary>Not told: a key block says it itself, and any other key is for PINs.</summary>
    Unknown,

    /// <summary>PIN blocks.</summary>
    Pin,

    /// <summary>Authentication codes of messages.</summary>
    Mac,
}
