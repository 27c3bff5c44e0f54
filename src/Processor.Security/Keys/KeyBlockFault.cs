namespace Processor.Security;

/// <summary>Why a key block gave no key.</summary>
internal enum KeyBlockFault : byte
{
    None,

    /// <summary>Not as long as it says, or not of whole blocks.</summary>
    Length,

    /// <summary>A byte that no key block has at that place.</summary>
    Malformed,

    /// <summary>A version other than A to D, or not for this protection key.</summary>
    Version,

    /// <summary>The code is wrong.</summary>
    Mac,

    /// <summary>The key's length inside is none that fits.</summary>
    KeyLength,
}
