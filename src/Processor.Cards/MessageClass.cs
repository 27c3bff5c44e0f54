namespace Processor.Cards;

/// <summary>What a message does, whatever the version of the standard. Values are kept in the ledger and never renumbered.</summary>
public enum MessageClass : byte
{
    /// <summary>None of the below.</summary>
    None = 0,

    /// <summary>0100, 0101.</summary>
    Authorization = 1,

    /// <summary>0120, 0121.</summary>
    AuthorizationAdvice = 2,

    /// <summary>0200, 0201.</summary>
    Financial = 3,

    /// <summary>0220, 0221.</summary>
    FinancialAdvice = 4,

    /// <summary>0400, 0401.</summary>
    Reversal = 5,

    /// <summary>0420, 0421.</summary>
    ReversalAdvice = 6,

    /// <summary>Money or state moved by the program or by ourselves, not by a network.</summary>
    Internal = 7,
}
