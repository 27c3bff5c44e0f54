using System.Buffers.Text;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>Maps DE 90 and DE 95: which message is meant, and what remains of it.</summary>
internal static class OriginalElements
{
    // DE 90: MTI(4) STAN(6) DE7(10) acquirer(11) forwarding institution(11)
    private const int Length = 42;
    private const int AmountLength = 12;

    /// <summary>Fills in what DE 90 names; parts that are zero name nothing.</summary>
    /// <returns>The element that cannot be used; 0 for none.</returns>
    internal static int Map(in MessageView view, ref AuthorizationRequest request)
    {
        if (!view.Has(90))
            return 0;
        Span<byte> text = stackalloc byte[Length];
        if (!view.TryGetDigits(90, text, out var length) || length != Length)
            return 90;
        if (!Mti.TryParse(text[..4], out var mti)
            || !TryRead(text.Slice(4, 6), out request.OriginalStan)
            || !TryRead(text.Slice(10, 10), out request.OriginalTransmission)
            || !Utf8Parser.TryParse(text.Slice(20, 11), out request.OriginalAcquirer, out _))
        {
            return 90;
        }

        var original = RequestClasses.Of(mti);
        request.OriginalClass = original < RequestClass.NetworkManagement ? (MessageClass)original : MessageClass.None;
        return 0;
    }

    /// <summary>Fills in what DE 95 leaves.</summary>
    /// <returns>The element that cannot be used; 0 for none.</returns>
    internal static int MapReplacement(in MessageView view, ref AuthorizationRequest request)
    {
        if (!view.Has(95))
            return 0;
        Span<byte> text = stackalloc byte[Length];
        if (!view.TryGetText(95, text, out var length)
            || length < AmountLength
            || !Utf8Parser.TryParse(text[..AmountLength], out ulong amount, out var consumed)
            || consumed != AmountLength)
        {
            return 95;
        }

        request.HasReplacement = true;
        request.Replacement = (long)amount;
        return 0;
    }

    private static bool TryRead(ReadOnlySpan<byte> digits, out uint number)
    {
        var isRead = Utf8Parser.TryParse(digits, out ulong value, out _) && value <= uint.MaxValue;
        number = isRead ? (uint)value : 0;
        return isRead;
    }
}
