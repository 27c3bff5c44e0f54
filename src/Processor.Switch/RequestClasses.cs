using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>From MTI to class.</summary>
internal static class RequestClasses
{
    /// <summary>The class of an MTI, repeats included.</summary>
    internal static RequestClass Of(Mti mti) => mti.ToOriginal().Value switch
    {
        0x0100 => RequestClass.Authorization,
        0x0120 => RequestClass.AuthorizationAdvice,
        0x0200 => RequestClass.Financial,
        0x0220 => RequestClass.FinancialAdvice,
        0x0400 => RequestClass.Reversal,
        0x0420 => RequestClass.ReversalAdvice,
        0x0800 => RequestClass.NetworkManagement,
        _ => RequestClass.Other,
    };
}
