namespace Processor.Security;

/// <summary>The padding methods of ISO 9797-1.</summary>
public enum MacPadding : byte
{
    None,

    /// <summary>Zeros, and none when the data fills its blocks; an empty text gets a block of zeros.</summary>
    Method1,

    /// <summary>80 and zeros, always.</summary>
    Method2,

    /// <summary>A first block with the length in bits, and method 1.</summary>
    Method3,
}
