namespace Processor.Security;

/// <summary>How an authentication value of 3-D Secure is computed.</summary>
public enum ThreeDsProfile : byte
{
    None,

    /// <summary>Mastercard SPA1: a 20-byte AAV with five bytes of HMAC-SHA-1.</summary>
    Spa1,

    /// <summary>Mastercard SPA2: the issuer's four bytes of HMAC-SHA-256.</summary>
    Spa2,
}
