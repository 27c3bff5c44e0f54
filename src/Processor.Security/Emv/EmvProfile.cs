namespace Processor.Security;

/// <summary>How a card makes its cryptograms: scheme and cryptogram version number. The numbers of M/Chip are hexadecimal.</summary>
public enum EmvProfile : byte
{
    None,

    /// <summary>CVN 10 (0A): the card's key itself, zero padding, ARPC method 1.</summary>
    VisaCvn10,

    /// <summary>CVN 18 (12): common session key, ARPC method 2.</summary>
    VisaCvn18,

    /// <summary>CVN '22': common session key, 32-byte application data, ARPC method 2.</summary>
    VisaCvn22,

    /// <summary>CVN 10: session key of counter and unpredictable number.</summary>
    MChip10,

    /// <summary>CVN 11: as 10, and the counters are in the cryptogram.</summary>
    MChip11,

    /// <summary>CVN 14: common session key.</summary>
    MChip14,

    /// <summary>CVN 15: as 14, and the counters are in the cryptogram.</summary>
    MChip15,

    /// <summary>CVN 133 (85).</summary>
    Interac133,

    /// <summary>EMV's common core definitions, cryptogram version 5.</summary>
    Ccd,

    /// <summary>CVN 12: session key of EMV 2000's tree.</summary>
    MChip12,

    /// <summary>CVN 13: as 12, and the counters are in the cryptogram.</summary>
    MChip13,
}
