namespace Processor.Security;

/// <summary>What a key may be: which usage goes with which algorithm, mode and length, and what each state allows.</summary>
internal static class KeyRules
{
    /// <summary>Whether the parts of a key's description go together.</summary>
    internal static bool IsSound(KeyUsage usage, KeyAlgorithm algorithm, KeyMode mode, KeyExportability exportability, int bits) =>
        AllowsLength(algorithm, bits) && AllowsAlgorithm(usage, algorithm) && AllowsMode(usage, mode)
        && exportability is KeyExportability.Exportable or KeyExportability.NonExportable or KeyExportability.Sensitive;

    /// <summary>1 to 64 letters, digits, dots and hyphens.</summary>
    internal static bool IsName(string id) => id.Length is >= 1 and <= 64 && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-');

    /// <summary>Whether the key may check or decrypt (what came in), or make something new.</summary>
    internal static HsmStatus Allows(KeyInfo info, bool makesNew) =>
        info.State == KeyState.Active || (info.State == KeyState.Retiring && !makesNew) ? HsmStatus.Ok : HsmStatus.KeyInactive;

    private static bool AllowsLength(KeyAlgorithm algorithm, int bits) => algorithm switch
    {
        KeyAlgorithm.TripleDes => bits is 128 or 192,
        KeyAlgorithm.Aes => bits is 128 or 192 or 256,
        KeyAlgorithm.Hmac => bits is >= 128 and <= 512 && bits % 8 == 0,
        _ => false,
    };

    private static bool AllowsAlgorithm(KeyUsage usage, KeyAlgorithm algorithm) => usage switch
    {
        KeyUsage.Hmac => algorithm == KeyAlgorithm.Hmac,
        KeyUsage.CardVerification or KeyUsage.EmvCryptogram or KeyUsage.EmvConfidentiality or KeyUsage.EmvIntegrity or KeyUsage.EmvDynamicNumbers
            or KeyUsage.EmvOther or KeyUsage.Iso16609Mac or KeyUsage.Iso9797Mac1 or KeyUsage.Iso9797Mac3
            or KeyUsage.PinVerification or KeyUsage.PinVerificationIbm or KeyUsage.PinVerificationVisa => algorithm == KeyAlgorithm.TripleDes,
        KeyUsage.BaseDerivation or KeyUsage.DukptInitial or KeyUsage.DataEncryption or KeyUsage.KeyEncryption or KeyUsage.KeyBlockProtection
            or KeyUsage.Cmac or KeyUsage.PinEncryption => algorithm is KeyAlgorithm.TripleDes or KeyAlgorithm.Aes,
        _ => false,
    };

    private static bool AllowsMode(KeyUsage usage, KeyMode mode) => mode == KeyMode.NoRestriction || usage switch
    {
        KeyUsage.BaseDerivation or KeyUsage.DukptInitial or KeyUsage.EmvCryptogram or KeyUsage.EmvConfidentiality or KeyUsage.EmvIntegrity
            or KeyUsage.EmvDynamicNumbers or KeyUsage.EmvOther => mode == KeyMode.DeriveOnly,
        KeyUsage.DataEncryption or KeyUsage.KeyEncryption or KeyUsage.KeyBlockProtection or KeyUsage.PinEncryption =>
            mode is KeyMode.Both or KeyMode.EncryptOnly or KeyMode.DecryptOnly,
        _ => mode is KeyMode.GenerateAndVerify or KeyMode.GenerateOnly or KeyMode.VerifyOnly,
    };
}
