using System.Globalization;

namespace Processor.Cli.Load;

/// <summary>How often each kind of request is generated.</summary>
internal sealed class TrafficMix
{
    /// <summary>The kinds that a mix may name.</summary>
    public const string Names = "purchase, cash, cashback, refund, balance, verification, advice";

    private const int WeightMax = 1_000_000;

    private readonly (RequestKind Kind, int Weight)[] parts;
    private readonly int total;

    private TrafficMix((RequestKind Kind, int Weight)[] parts)
    {
        this.parts = parts;
        total = parts.Sum(part => part.Weight);
    }

    /// <summary>Purchases alone.</summary>
    public static TrafficMix Purchases { get; } = new([(RequestKind.Purchase, 1)]);

    /// <summary>The kinds it holds.</summary>
    public IEnumerable<RequestKind> Kinds => parts.Select(part => part.Kind);

    /// <summary>Reads <c>purchase=90,cash=10</c>: kinds with weights.</summary>
    /// <exception cref="FormatException">A part is wrong; the message names it.</exception>
    public static TrafficMix Parse(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries).Select(ParsePart).ToArray();
        if (parts.GroupBy(part => part.Kind).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new FormatException($"The mix names {Enum.GetName(twice.Key)} twice.");
        return parts.All(part => part.Weight == 0)
            ? throw new FormatException("The mix has no weight above 0.")
            : new TrafficMix([.. parts.Where(part => part.Weight > 0)]);
    }

    /// <summary>Chooses the next kind.</summary>
    public RequestKind Choose(Random dice)
    {
        if (parts.Length == 1)
            return parts[0].Kind;
        int rest = dice.Next(total);
        int index = 0;
        while (rest >= parts[index].Weight)
            rest -= parts[index++].Weight;
        return parts[index].Kind;
    }

    /// <summary>As it is read.</summary>
    public override string ToString() =>
        string.Join(",", parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{NameOf(part.Kind)}={part.Weight}")));

    private static (RequestKind Kind, int Weight) ParsePart(string part)
    {
        string[] sides = part.Split('=', StringSplitOptions.TrimEntries);
        var kind = Enum.GetValues<RequestKind>().Where(kind => kind < RequestKind.Reversal && NameOf(kind) == sides[0]).ToArray();
        if (kind.Length == 0)
            throw new FormatException($"The mix names {sides[0]}; there are {Names}.");
        int weight = 1;
        if (sides.Length > 2
            || (sides.Length == 2 && !(int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out weight) && weight <= WeightMax)))
        {
            throw new FormatException($"The mix has {part}; {sides[0]}=50 is wanted, with at most {WeightMax}.");
        }

        return (kind[0], weight);
    }

    private static string NameOf(RequestKind kind) => kind switch
    {
        RequestKind.Purchase => "purchase",
        RequestKind.Cash => "cash",
        RequestKind.Cashback => "cashback",
        RequestKind.Refund => "refund",
        RequestKind.Balance => "balance",
        RequestKind.Verification => "verification",
        RequestKind.Advice => "advice",
        _ => "",
    };
}
