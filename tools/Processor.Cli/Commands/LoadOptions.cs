using System.CommandLine;
using Processor.Cards;
using Processor.Cli.Load;

namespace Processor.Cli.Commands;

/// <summary>The options of a load.</summary>
internal sealed class LoadOptions
{
    private const double RateMax = 1_000_000;
    private const double SecondsMax = 24 * 3600;
    private const int ConnectionsMax = 1024;
    private const int WindowMax = 4096;
    private const int ChipsMax = 5_000_000;

    private readonly EndpointOptions endpoint;

    private readonly Option<double> rate = new("--rate", "-r")
    {
        Description = "Requests a second over all connections; 0 for as many as the issuer answers.",
        HelpName = "number",
        DefaultValueFactory = _ => 1000,
    };

    private readonly Option<double> seconds = new("--seconds", "-s")
    {
        Description = "How long to measure.",
        HelpName = "number",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<double> warmUp = new("--warm-up")
    {
        Description = "Seconds of the same traffic before, not measured.",
        HelpName = "number",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<int> connections = new("--connections", "-c")
    {
        Description = "TCP connections.",
        HelpName = "number",
        DefaultValueFactory = _ => 8,
    };

    private readonly Option<int> window = new("--window", "-w")
    {
        Description = "With --rate 0: requests in flight on each connection.",
        HelpName = "number",
        DefaultValueFactory = _ => 64,
    };

    private readonly Option<int> cardCount = new("--card-count")
    {
        Description = "Use so many load cards of the demo program; the host seeds them with Processor__DemoLoadCards=N. "
            + "Without this and --cards the demo card without limits is used alone; its account takes 10,000 open holds, so that a "
            + "longer load wants --pair reversal.",
        HelpName = "number",
    };

    private readonly Option<FileInfo?> cards = new("--cards")
    {
        Description = "Use the cards of this file: a PAN on each line and, after a comma, its expiry YYMM.",
        HelpName = "file",
    };

    private readonly Option<string?> mix = new("--mix")
    {
        Description = $"Kinds of requests with weights, such as purchase=90,balance=10. Kinds: {TrafficMix.Names}. "
            + "Without it purchases alone.",
        HelpName = "kinds",
    };

    private readonly Option<string> amounts = new("--amounts")
    {
        Description = "The least and the greatest amount, in cents.",
        HelpName = "min-max",
        DefaultValueFactory = _ => "100-5000",
    };

    private readonly Option<string> pair = new("--pair")
    {
        Description = "What follows each approved purchase; it counts in the rate.",
        HelpName = "none|reversal|completion",
        DefaultValueFactory = _ => "none",
    };

    private readonly Option<double> pairWithin = new("--pair-within")
    {
        Description = "Seconds after its purchase by which the second of a pair is sent.",
        HelpName = "number",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<bool> isFinancial = new("--financial") { Description = "Send 0200 where 0100 would be sent." };
    private readonly Option<bool> skipsSignOn = new("--no-sign-on") { Description = "Send no 0800 on a fresh connection." };

    private readonly Option<int> credentials = new("--credentials")
    {
        Description = "Prepare so many purchases with credentials (--entries) before the run, and look at the ARPC of one answer of 64. Cards are those of "
            + "--card-count, at least as many as connections. Sent again when there are no more, which an issuer refuses: prepare enough.",
        HelpName = "number",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<string?> entries = new("--entries")
    {
        Description = $"With --credentials: how cards are presented, with weights, such as chip=70,stripe=10,keyed=10,pin=10. There are {EntryMix.Names}; chip has a "
            + "cryptogram and the iCVV, stripe the CVV, keyed the CVV2, pin a PIN beside the chip. Without it chips alone.",
        HelpName = "entries",
    };

    private readonly Option<double> wrong = new("--wrong")
    {
        Description = "With --credentials: percent of the prepared purchases with a wrong credential: cryptogram or iCVV of a chip, CVV of a stripe, CVV2, PIN. "
            + "A card's wrong PIN follows a right one, so that none is blocked. The run fails when one of these is approved.",
        HelpName = "percent",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<double> wrongCodes = new("--wrong-macs")
    {
        Description = "With --mac: percent of the messages whose authentication code is wrong.",
        HelpName = "percent",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<int> seed = new("--seed")
    {
        Description = "Where chance begins: the same seed makes the same traffic.",
        HelpName = "number",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<double> patience = new("--timeout")
    {
        Description = "Seconds to wait for connections, and for answers after the last request.",
        HelpName = "number",
        DefaultValueFactory = _ => 10,
    };

    /// <summary>Adds the options to a command.</summary>
    public LoadOptions(Command command)
    {
        pair.AcceptOnlyFromAmong("none", "reversal", "completion");
        Option[] load =
        [
            rate, seconds, warmUp, connections, window, cardCount, cards, mix, amounts, pair, pairWithin, isFinancial, skipsSignOn,
            credentials, entries, wrong, wrongCodes, seed, patience,
        ];
        foreach (var option in load)
            command.Add(option);
        endpoint = new EndpointOptions(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(cards) is { Implicit: false } && result.GetResult(cardCount) is { Implicit: false })
                result.AddError("--cards and --card-count are two ways of saying which cards: give one.");
        });
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is wrong.</exception>
    public LoadPlan Read(ParseResult parsed)
    {
        try
        {
            var (min, max) = ReadAmounts(parsed.GetRequiredValue(amounts));
            return new LoadPlan
            {
                Endpoint = endpoint.Read(parsed),
                Rate = Bound(parsed, rate, 0, RateMax),
                Seconds = Bound(parsed, seconds, 0.1, SecondsMax),
                WarmUpSeconds = Bound(parsed, warmUp, 0, SecondsMax),
                Connections = Bound(parsed, connections, 1, ConnectionsMax),
                Window = Bound(parsed, window, 1, WindowMax),
                Cards = ReadCards(parsed),
                Mix = parsed.GetValue(mix) is { } text ? TrafficMix.Parse(text) : TrafficMix.Purchases,
                Pair = Enum.Parse<PairChoice>(parsed.GetRequiredValue(pair), ignoreCase: true),
                PairWithinSeconds = Bound(parsed, pairWithin, 0, SecondsMax),
                MinorUnitsMin = min,
                MinorUnitsMax = max,
                IsFinancial = parsed.GetValue(isFinancial),
                SignsOn = !parsed.GetValue(skipsSignOn),
                Chips = Bound(parsed, credentials, 0, ChipsMax),
                Entries = parsed.GetValue(entries) is { } ways ? EntryMix.Parse(ways) : EntryMix.Chips,
                WrongShare = Bound(parsed, wrong, 0, 100) / 100,
                WrongCodeShare = Bound(parsed, wrongCodes, 0, 100) / 100,
                Seed = parsed.GetValue(seed),
                Patience = TimeSpan.FromSeconds(Bound(parsed, patience, 0.1, 3600)),
            };
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(exception.Message, exception);
        }
    }

    private CardList ReadCards(ParseResult parsed)
    {
        if (parsed.GetValue(cards) is { } file)
            return CardList.Load(file.FullName);
        return parsed.GetResult(cardCount) is { Implicit: false }
            ? CardList.Demo(Bound(parsed, cardCount, 1, DemoCards.CountMax))
            : CardList.Unlimited;
    }

    private static (long Min, long Max) ReadAmounts(string text)
    {
        string[] sides = text.Split('-');
        const long Most = 999_999_999;
        if (sides.Length == 2 && long.TryParse(sides[0], out long min) && long.TryParse(sides[1], out long max)
            && min >= 0 && min <= max && max <= Most)
        {
            return (min, max);
        }

        throw new FormatException($"--amounts is {text}; 100-5000 is wanted, in cents, at most {Most}.");
    }

    private static T Bound<T>(ParseResult parsed, Option<T> option, T least, T most)
        where T : IComparable<T>
    {
        var value = parsed.GetRequiredValue(option);
        return value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0
            ? value
            : throw new UsageException(FormattableString.Invariant($"{option.Name} is from {least} to {most}."));
    }
}
