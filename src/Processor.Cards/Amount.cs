using System.Globalization;

namespace Processor.Cards;

/// <summary>Money of one currency.</summary>
/// <param name="MinorUnits">The currency's smallest unit. DE 4 of 000000001050 is 1050.</param>
/// <param name="Currency">ISO 4217 numeric code, as in DE 49.</param>
public readonly record struct Amount(long MinorUnits, Currency Currency)
{
    /// <summary>The decimal form with the currency's exponent, as <c>10.50 EUR</c>.</summary>
    public override string ToString()
    {
        var digits = Currency.Exponent;
        var scale = 1m;
        for (var index = 0; index < digits; index++)
            scale *= 10m;
        return (MinorUnits / scale).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + " " + Currency.Alpha;
    }
}
