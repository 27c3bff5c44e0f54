using System.Globalization;

namespace Processor.Cli.Load;

/// <summary>How often the cards of prepared purchases are presented in each way.</summary>
internal sealed class EntryMix
{
    /// <summary>The ways that a mix may name.</summary>
    public const string Names = "chip, stripe, keyed, pin";

    private const int WeightMax = 1_000_000;

    private readonly (CardEntry Entry, int Weight)[] parts;

    private EntryMix((CardEntry Entry, int Weight)[] parts) => this.parts = parts;

    /// <summary>Chips alone.</summary>
    public static EntryMix Chips { get; } = new([(CardEntry.Chip, 1)]);

    /// <summary>The ways that it has.</summary>
    public IEnumerable<CardEntry> Entries => parts.Select(part => part.Entry);

    /// <summary>Reads <c>chip=60,keyed=20</c>: ways with weights.</summary>
    /// <exception cref="FormatException">A part is wrong; the message names it.</exception>
    public static EntryMix Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries).Select(ParsePart).ToArray();
        if (parts.GroupBy(part => part.Entry).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new FormatException($"The entries name {NameOf(twice.Key)} twice.");
        return parts.All(part => part.Weight == 0)
            ? throw new FormatException("The entries have no weight above 0.")
            : new EntryMix([.. parts.Where(part => part.Weight > 0)]);
    }

    /// <summary>Chooses the next.</summary>
    public CardEntry Choose(Random dice)
    {
        var rest = parts.Length == 1 ? 0 : dice.Next(parts.Sum(part => part.Weight));
        var index = 0;
        while (rest >= parts[index].Weight)
            rest -= parts[index++].Weight;
        return parts[index].Entry;
    }

    /// <summary>As it is read.</summary>
    public override string ToString() =>
        string.Join(",", parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{NameOf(part.Entry)}={part.Weight}")));

    private static (CardEntry Entry, int Weight) ParsePart(string part)
    {
        var sides = part.Split('=', StringSplitOptions.TrimEntries);
        var entries = Enum.GetValues<CardEntry>().Where(entry => NameOf(entry) == sides[0]).ToArray();
        if (entries.Length == 0)
            throw new FormatException($"The entries name {sides[0]}; there are {Names}.");
        var weight = 1;
        if (sides.Length > 2
            || (sides.Length == 2 && !(int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out weight) && weight <= WeightMax)))
        {
            throw new FormatException($"The entries have {part}; {sides[0]}=50 is wanted, with at most {WeightMax}.");
        }

        return (entries[0], weight);
    }

    private static string NameOf(CardEntry entry) => entry switch
    {
        CardEntry.Chip => "chip",
        CardEntry.Stripe => "stripe",
        CardEntry.Keyed => "keyed",
        _ => "pin",
    };
}
