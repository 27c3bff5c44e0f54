namespace Processor.Security;

/// <summary>How a card's key is derived from the issuer's (EMV Book 2 annex A1.4).</summary>
public enum IccKeyOption : byte
{
    /// <summary>Of the last 16 digits of PAN and sequence number.</summary>
    A,

    /// <summary>Of a hash over all digits; for a PAN of at most 16 digits the same as A.</summary>
    B,
}
