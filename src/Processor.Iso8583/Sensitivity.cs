namespace Processor.Iso8583;

/// <summary>What a printed message may show of an element.</summary>
public enum Sensitivity : byte
{
    /// <summary>All of it.</summary>
    None,

    /// <summary>A card or account number: the first 6 and the last 4 characters.</summary>
    Pan,

    /// <summary>Track data: the number's first 6 and last 4 characters; nothing after the separator.</summary>
    Track,

    /// <summary>A PIN block, a cryptogram, a CVV or private data that may hold one: only its length.</summary>
    Secret,

    /// <summary>BER-TLV chip data: tags that hold card data or cryptograms are masked one by one.</summary>
    Icc,
}
