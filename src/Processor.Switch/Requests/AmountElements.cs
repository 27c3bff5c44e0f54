using System.Text;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>Maps DE 4 with DE 49, and DE 6 with DE 51.</summary>
internal static class AmountElements
{
    /// <summary>Fills in the amounts that are there.</summary>
    /// <param name="view">The message.</param>
    /// <param name="request">A currency that is not listed leaves <see cref="Currency.None"/>, which no account has.</param>
    /// <param name="element">The element that cannot be used; 0 for none.</param>
    internal static bool TryMap(in MessageView view, ref AuthorizationRequest request, out int element)
    {
        if (!TryGetAmount(in view, 4, 49, out request.Transaction))
        {
            element = 4;
            return false;
        }

        element = 0;
        request.HasBilling = view.Has(6) && view.Has(51);
        if (!request.HasBilling || TryGetAmount(in view, 6, 51, out request.Billing))
            return true;
        element = 6;
        return false;
    }

    private static bool TryGetAmount(in MessageView view, int amountElement, int currencyElement, out Amount amount)
    {
        var isRead = RequestElements.TryGetOptional(in view, amountElement, long.MaxValue, out var minorUnits);
        amount = new((long)minorUnits, CurrencyOf(in view, currencyElement));
        return isRead;
    }

    /// <summary>Three digits, or the three letters that ISO 8583 allows as well.</summary>
    private static Currency CurrencyOf(in MessageView view, int element)
    {
        Span<byte> text = stackalloc byte[3];
        if (!view.TryGetText(element, text, out _))
            return Currency.None;
        var isListed = char.IsAsciiDigit((char)text[0])
            ? Currency.TryFromDigits(text, out var currency)
            : Currency.TryFromAlpha(Encoding.ASCII.GetString(text), out currency);
        return isListed ? currency : Currency.None;
    }
}
