namespace Processor.Cards;

/// <summary>The cards of the demo program: four that are told, and as many more as a load needs. All are in EUR.</summary>
/// <remarks>The host that seeds them and the network in a box that uses them share this rule and nothing else.</remarks>
public static class DemoCards
{
    /// <summary>The expiry of each card as DE 14 has it, YYMM.</summary>
    public const string Expiry = "3112";

    /// <summary>How many cards a load may have: index 3,456,789 would be <see cref="Unlimited"/>.</summary>
    public const int CountMax = 3_000_000;

    // 40000012 index(7) check digit
    private const ulong LoadPrefix = 40000012;
    private const ulong IndexScale = 10_000_000;

    /// <summary>1,000.00 available, daily limit 500.00.</summary>
    public static Pan Everyday { get; } = Read("4761739001010010"u8);

    /// <summary>10.00 available.</summary>
    public static Pan Poor { get; } = Read("4761739001010028"u8);

    /// <summary>Frozen, with 1,000.00.</summary>
    public static Pan Frozen { get; } = Read("4761739001010036"u8);

    /// <summary>1,000,000.00 available and no limits.</summary>
    public static Pan Unlimited { get; } = Read("4000001234567899"u8);

    /// <summary>The PAN of one card of a load: <c>40000012</c>, the index as seven digits, and the check digit.</summary>
    /// <param name="index">From 0 to <see cref="CountMax"/> - 1. The same index always gives the same PAN.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of its range.</exception>
    public static Pan PanOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, CountMax);

        Span<byte> ascii = stackalloc byte[16];
        var rest = (LoadPrefix * IndexScale) + (ulong)index;
        var sum = 0;
        for (var place = ascii.Length - 2; place >= 0; place--)
        {
            var digit = (int)(rest % 10);
            rest /= 10;
            ascii[place] = (byte)('0' + digit);

            // ISO/IEC 7812-1 annex B: every second digit counts twice, beginning beside the check digit.
            if ((place & 1) == 0)
                digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
            sum += digit;
        }

        ascii[^1] = (byte)('0' + ((10 - (sum % 10)) % 10));
        return Read(ascii);
    }

    private static Pan Read(ReadOnlySpan<byte> ascii) =>
        Pan.TryFromDigits(ascii, out var pan) ? pan : throw new ArgumentException("Not a PAN.", nameof(ascii));
}
