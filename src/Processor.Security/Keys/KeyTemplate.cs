namespace Processor.Security;

/// <summary>What a new key shall be.</summary>
/// <param name="Id">Its name; the module gives it the next version.</param>
/// <param name="Usage">What it is for.</param>
/// <param name="Algorithm">What it is used with.</param>
/// <param name="Mode">Which way it may be used.</param>
/// <param name="Exportability">Whether it may leave the module.</param>
/// <param name="Bits">128 or 192 for DES; 128, 192 or 256 for AES; 128 to 512 for HMAC. Not used for a key from components, which have a length.</param>
public sealed record KeyTemplate(
    string Id,
    KeyUsage Usage,
    KeyAlgorithm Algorithm,
    KeyMode Mode,
    KeyExportability Exportability = KeyExportability.NonExportable,
    int Bits = 128);
