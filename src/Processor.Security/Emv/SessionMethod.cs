namespace Processor.Security;

/// <summary>How a session key for cryptograms is made.</summary>
internal enum SessionMethod : byte
{
    /// <summary>The card's key itself.</summary>
    None,

    /// <summary>EMV common session key of the counter.</summary>
    Common,

    /// <summary>Of the counter and the unpredictable number.</summary>
    MChip,
}
