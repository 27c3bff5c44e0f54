namespace Processor.Security;

/// <summary>Which way a key may be used: byte 8 of a key block's header (ANSI X9.143).</summary>
public enum KeyMode : byte
{
    None = 0,
    Both = (byte)'B',
    GenerateAndVerify = (byte)'C',
    DecryptOnly = (byte)'D',
    EncryptOnly = (byte)'E',
    GenerateOnly = (byte)'G',
    NoRestriction = (byte)'N',
    SignOnly = (byte)'S',
    SignAndDecrypt = (byte)'T',
    VerifyOnly = (byte)'V',
    DeriveOnly = (byte)'X',
    Variants = (byte)'Y',
}
