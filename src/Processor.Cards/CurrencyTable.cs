using System.Collections.Frozen;
using System.Globalization;

namespace Processor.Cards;

/// <summary>ISO 4217 list one of 2024-06-25 with amendments 176 to 179; its files stand in specs/iso4217.</summary>
internal static class CurrencyTable
{
    private static readonly string?[] Alphas = new string?[1000];
    private static readonly byte[] Exponents = new byte[1000];

    static CurrencyTable()
    {
        var byAlpha = new Dictionary<string, ushort>(StringComparer.Ordinal);
        using var stream = typeof(CurrencyTable).Assembly.GetManifestResourceStream("iso4217.csv")
            ?? throw new InvalidOperationException("The currency table is not in the assembly.");
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            // alpha,numeric,exponent,name
            var parts = line.Split(',', 4);
            Add(byAlpha, parts[0], ushort.Parse(parts[1], CultureInfo.InvariantCulture), parts[2].Length == 0 ? (byte)0 : byte.Parse(parts[2], CultureInfo.InvariantCulture));
        }

        // Amendments 176 (XCG takes the numeric code of ANG), 177 and 179. Old codes stay readable: clearing arrives late.
        Add(byAlpha, "XCG", 532, 2);
        Add(byAlpha, "ZWG", 924, 2);
        Add(byAlpha, "XAD", 396, 2);
        ByAlpha = byAlpha.ToFrozenDictionary(StringComparer.Ordinal);
    }

    internal static FrozenDictionary<string, ushort> ByAlpha { get; }

    internal static string? AlphaOf(ushort numeric) => numeric < 1000 ? Alphas[numeric] : null;

    internal static int ExponentOf(ushort numeric) => numeric < 1000 ? Exponents[numeric] : 0;

    private static void Add(Dictionary<string, ushort> byAlpha, string alpha, ushort numeric, byte exponent)
    {
        byAlpha[alpha] = numeric;
        Alphas[numeric] = alpha;
        Exponents[numeric] = exponent;
    }
}
