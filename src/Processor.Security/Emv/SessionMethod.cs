namespace Processor.Security;

/// <summary>How a session key for cryptograms is made.</summary>
public enum SessionMethod : byte
{
    /// <summary>The card's key itself.</summary>
    None,

    /// <summary>EMV common session key of the counter.</summary>
    Common,

    /// <summary>Of the counter and the unpredictable number.</summary>
    MChip,

    /// <summary>The tree of EMV 2000 with four branches and height 8, from an initial value of zeros.</summary>
    TreeOfFour,

    /// <summary>The tree of EMV 2000 with two branches and height 16, from an initial value of zeros.</summary>
    TreeOfTwo,
}
