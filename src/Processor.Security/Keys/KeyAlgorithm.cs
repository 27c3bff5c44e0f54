namespace Processor.Security;

/// <summary>What a key is used with: byte 7 of a key block's header (ANSI X9.143).</summary>
public enum KeyAlgorithm : byte
{
    None = 0,
    Aes = (byte)'A',
    Des = (byte)'D',
    Hmac = (byte)'H',
    TripleDes = (byte)'T',
}
