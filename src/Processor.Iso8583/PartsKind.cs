namespace Processor.Iso8583;

/// <summary>How an element that is made of parts holds them.</summary>
public enum PartsKind : byte
{
    /// <summary>One after the other, in the order of the dialect.</summary>
    Positional,

    /// <summary>Tag and length of given widths before each value.</summary>
    Tlv,

    /// <summary>BER-TLV (ISO/IEC 8825-1), as in DE55. Bytes 00 between objects are skipped.</summary>
    BerTlv,

    /// <summary>A bitmap of its own, then the parts whose bits are set.</summary>
    Bitmap,

    /// <summary>Identifier (1 byte), length (2 bytes), then BER-TLV, or a bitmap of parts and then BER-TLV.</summary>
    Datasets,
}
