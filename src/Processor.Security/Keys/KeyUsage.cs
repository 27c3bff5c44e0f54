namespace Processor.Security;

/// <summary>What a key is for: bytes 5 and 6 of a key block's header (ANSI X9.143).</summary>
public enum KeyUsage : ushort
{
    None = 0,
    BaseDerivation = ('B' << 8) | '0',
    DukptInitial = ('B' << 8) | '1',
    CardVerification = ('C' << 8) | '0',
    DataEncryption = ('D' << 8) | '0',
    EmvCryptogram = ('E' << 8) | '0',
    EmvConfidentiality = ('E' << 8) | '1',
    EmvIntegrity = ('E' << 8) | '2',
    EmvDynamicNumbers = ('E' << 8) | '4',
    EmvOther = ('E' << 8) | '6',
    KeyEncryption = ('K' << 8) | '0',
    KeyBlockProtection = ('K' << 8) | '1',
    Iso16609Mac = ('M' << 8) | '0',
    Iso9797Mac1 = ('M' << 8) | '1',
    Iso9797Mac3 = ('M' << 8) | '3',
    Cmac = ('M' << 8) | '6',
    Hmac = ('M' << 8) | '7',
    PinEncryption = ('P' << 8) | '0',
    PinVerification = ('V' << 8) | '0',
    PinVerificationIbm = ('V' << 8) | '1',
    PinVerificationVisa = ('V' << 8) | '2',
}
