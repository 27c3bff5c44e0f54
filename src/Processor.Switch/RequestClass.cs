using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>The class of a message as the switch sees it: those of the ledger have <see cref="MessageClass"/>'s numbers.</summary>
internal enum RequestClass : byte
{
    /// <summary>0100, 0101.</summary>
    Authorization = MessageClass.Authorization,

    /// <summary>0120, 0121.</summary>
    AuthorizationAdvice = MessageClass.AuthorizationAdvice,

    /// <summary>0200, 0201.</summary>
    Financial = MessageClass.Financial,

    /// <summary>0220, 0221.</summary>
    FinancialAdvice = MessageClass.FinancialAdvice,

    /// <summary>0400, 0401.</summary>
    Reversal = MessageClass.Reversal,

    /// <summary>0420, 0421.</summary>
    ReversalAdvice = MessageClass.ReversalAdvice,

    /// <summary>0800, 0801.</summary>
    NetworkManagement,

    /// <summary>Any other.</summary>
    Other,
}
