using System.Globalization;
using System.Text;
using Processor.Cards;

namespace Processor.Cli.Load;

/// <summary>The cards that a load uses. It prints none of them.</summary>
internal sealed class CardList
{
    private readonly Pan[] pans;
    private readonly ushort[] expiries;

    private CardList(Pan[] pans, ushort[] expiries)
    {
        this.pans = pans;
        this.expiries = expiries;
    }

    /// <summary>How many there are; at least one.</summary>
    public int Count => pans.Length;

    /// <summary>The lengths that their PANs have.</summary>
    public IEnumerable<int> PanLengths => pans.Select(pan => pan.Length).Distinct();

    /// <summary>The demo card without limits, alone.</summary>
    public static CardList Unlimited => new([DemoCards.Unlimited], [DemoExpiry]);

    /// <summary>The demo program's first load cards.</summary>
    /// <param name="count">From 1 to <see cref="DemoCards.CountMax"/>.</param>
    public static CardList Demo(int count) => new(
        [.. Enumerable.Range(0, count).Select(DemoCards.PanOf)],
        [.. Enumerable.Repeat(DemoExpiry, count)]);

    /// <summary>Reads lines of a PAN and, after a comma or blank, its expiry as YYMM (3112 without). Lines with # are skipped.</summary>
    /// <exception cref="FormatException">A line is wrong; the message has its number and no digit of it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CardList Load(string path)
    {
        var pans = new List<Pan>();
        var expiries = new List<ushort>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string[] parts = line.Split([',', ' ', '\t', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (parts.Length == 0 || line.TrimStart().StartsWith('#'))
                continue;
            if (!Pan.TryFromDigits(Encoding.UTF8.GetBytes(parts[0]), out var pan))
                throw new FormatException($"{path}:{number}: no PAN of {Pan.LengthMin} to {Pan.LengthMax} digits.");
            pans.Add(pan);
            expiries.Add(ReadExpiry(parts.Length > 1 ? parts[1] : DemoCards.Expiry)
                ?? throw new FormatException($"{path}:{number}: no expiry of the form YYMM."));
        }

        return pans.Count > 0 ? new([.. pans], [.. expiries]) : throw new FormatException($"{path} holds no card.");
    }

    /// <summary>The digits of a card's PAN as a number.</summary>
    public ulong PanOf(int card) => pans[card].Leading(Pan.LengthMax);

    /// <summary>The number of digits of a card's PAN.</summary>
    public int PanLengthOf(int card) => pans[card].Length;

    /// <summary>A card's expiry as the number YYMM.</summary>
    public ushort ExpiryOf(int card) => expiries[card];

    private static ushort DemoExpiry => ushort.Parse(DemoCards.Expiry, CultureInfo.InvariantCulture);

    private static ushort? ReadExpiry(string text) =>
        text.Length == 4 && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort expiry)
            && expiry % 100 is >= 1 and <= 12 ? expiry : null;
}
