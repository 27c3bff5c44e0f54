using System.Globalization;

namespace Processor.Cards;

/// <summary>A currency by its ISO 4217 numeric code, as DE 49, 50 and 51 carry it.</summary>
/// <param name="Numeric">1 to 999; 0 is <see cref="None"/>.</param>
public readonly record struct Currency(ushort Numeric)
{
    /// <summary>No currency; never the currency of an amount that moves.</summary>
    public static readonly Currency None;

    /// <summary>Euro, 978.</summary>
    public static readonly Currency Eur = new(978);

    /// <summary>US dollar, 840.</summary>
    public static readonly Currency Usd = new(840);

    /// <summary>True for a code that ISO 4217 lists.</summary>
    public bool IsKnown => CurrencyTable.AlphaOf(Numeric) is not null;

    /// <summary>Digits after the decimal point: 0 to 4. Currencies to which ISO 4217 gives none (gold, test codes) have 0.</summary>
    public int Exponent => CurrencyTable.ExponentOf(Numeric);

    /// <summary>The three-letter code, or the three digits of an unlisted currency.</summary>
    public string Alpha => CurrencyTable.AlphaOf(Numeric) ?? Numeric.ToString("D3", CultureInfo.InvariantCulture);

    /// <summary>Reads three ASCII digits.</summary>
    /// <returns>False when the bytes are not three digits or the code is not listed.</returns>
    public static bool TryFromDigits(ReadOnlySpan<byte> digits, out Currency currency)
    {
        currency = None;
        if (digits.Length != 3 || !char.IsAsciiDigit((char)digits[0]) || !char.IsAsciiDigit((char)digits[1]) || !char.IsAsciiDigit((char)digits[2]))
            return false;
        currency = new((ushort)(((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + (digits[2] - '0')));
        return currency.IsKnown;
    }

    /// <summary>Finds a listed currency by its upper-case three-letter code.</summary>
    public static bool TryFromAlpha(string? alpha, out Currency currency)
    {
        currency = alpha is not null && CurrencyTable.ByAlpha.TryGetValue(alpha, out var numeric) ? new(numeric) : None;
        return currency != None;
    }

    /// <inheritdoc/>
    public override string ToString() => Alpha;
}
