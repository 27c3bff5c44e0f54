namespace Processor.Security;

/// <summary>What may be known of a key.</summary>
/// <param name="Key">Its name with the version.</param>
/// <param name="Usage">What it is for.</param>
/// <param name="Algorithm">What it is used with.</param>
/// <param name="Mode">Which way it may be used.</param>
/// <param name="Exportability">Whether it may leave the module.</param>
/// <param name="State">Where it stands in its life.</param>
/// <param name="Bits">Its length with parity bits: 128 for a double-length DES key.</param>
/// <param name="CheckValue">Upper-case hexadecimal digits: 6 of a DES key, 10 of an AES or HMAC key.</param>
public sealed record KeyInfo(
    KeyRef Key,
    KeyUsage Usage,
    KeyAlgorithm Algorithm,
    KeyMode Mode,
    KeyExportability Exportability,
    KeyState State,
    int Bits,
    string CheckValue);
