using System.Globalization;
using System.Text;
using Processor.Cli.Load;
using Processor.Cli.Simulation;

namespace Processor.Cli.Reports;

/// <summary>A load for the terminal: a line for each second, a table at the end.</summary>
internal static class LoadText
{
    /// <summary>The percentiles that are shown, with their names.</summary>
    public static readonly (string Name, double Percent)[] Percentiles =
        [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("max", 100)];

    /// <summary>One second on one line, without its end.</summary>
    public static string Line(LoadSecond second, LoadTotals totals) => string.Create(
        CultureInfo.InvariantCulture,
        $"{second.Time,5:0} s  sent {totals.Sent,11:N0}  answered {totals.Answered,11:N0}  {second.Rate,8:N0}/s  "
        + $"p50 {Duration.Of(second.Latency.Percentile(50)),7}  p99 {Duration.Of(second.Latency.Percentile(99)),7}  "
        + $"max {Duration.Of(second.Latency.Max),7}  in flight {second.InFlight:N0}");

    /// <summary>The whole run.</summary>
    public static string Table(LoadResult result)
    {
        var text = new StringBuilder();
        var totals = result.Totals;
        Append(text, "to", $"{result.Plan.Endpoint}, {result.Plan.Connections} connections");
        Append(text, "traffic", Traffic(result.Plan));
        Append(text, "sent", $"{totals.Sent,13:N0}");
        Append(text, "answered", $"{totals.Answered,13:N0}   {result.Throughput:N0}/s");
        foreach (var (code, count) in totals.Codes.ToDictionary())
            Append(text, $"  {(code.Length == 0 ? "--" : code)}", $"{count,13:N0}   {Share(count, totals.Answered)}  {MeaningOf(code)}");
        Append(text, "unanswered", $"{result.Unanswered,13:N0}");
        AppendTrouble(text, result);
        if (totals.ChipsJudged > 0)
            Append(text, "chips", $"{totals.ChipsJudged,13:N0}   looked at their answer, {totals.IssuersUnknown:N0} did not know the issuer (ARPC)");
        if (totals.WrongAnswered > 0)
            Append(text, "wrong", $"{totals.WrongAnswered,13:N0}   had a wrong credential, {totals.WrongApproved:N0} of them were approved");
        if (totals.CodesJudged > 0)
            Append(text, "codes", $"{totals.CodesJudged,13:N0}   authentication codes of answers looked at, {totals.CodesWrong:N0} wrong");
        string latency = string.Join("   ", Percentiles.Select(part => $"{part.Name} {Duration.Of(totals.Latency.Percentile(part.Percent))}"));
        Append(text, "latency", $"{latency}   ({(result.Plan.Rate > 0 ? "from when each was due" : "from when each was sent")})");
        if (result.Plan.Rate > 0)
        {
            Append(
                text, "generator",
                $"p50 {Duration.Of(totals.Lateness.Percentile(50))}   p99 {Duration.Of(totals.Lateness.Percentile(99))} late in sending, which the latency contains");
        }

        return text.ToString();
    }

    /// <summary>What was sent, in words.</summary>
    public static string Traffic(LoadPlan plan)
    {
        string pace = plan.Rate > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{plan.Rate:N0} a second")
            : string.Create(CultureInfo.InvariantCulture, $"{plan.Window:N0} in flight on each connection");
        string warmUp = plan.WarmUpSeconds > 0
            ? string.Create(CultureInfo.InvariantCulture, $" after {plan.WarmUpSeconds:0.###} s of warm-up")
            : "";
        string pair = plan.Pair switch
        {
            PairChoice.Reversal => ", each purchase reversed",
            PairChoice.Completion => ", each purchase completed",
            _ => "",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{pace} for {plan.Seconds:0.###} s{warmUp}; {plan.Mix}{pair}; {plan.Cards.Count:N0} {(plan.Cards.Count == 1 ? "card" : "cards")}; seed {plan.Seed}");
    }

    /// <summary>What a code of DE 39 means.</summary>
    public static string MeaningOf(string code) => code.Length == 0 ? "no response code" : ResponseCodeNames.Of(code);

    /// <summary>A part of a whole in percent.</summary>
    public static string Share(long part, long whole) => string.Create(
        CultureInfo.InvariantCulture, $"{(whole == 0 ? 0 : 100.0 * part / whole),6:0.00} %");

    private static void AppendTrouble(StringBuilder text, LoadResult result)
    {
        (string Name, long Count)[] troubles =
        [
            ("never sent", result.Unsent),
            ("unmatched", result.Totals.Unmatched),
            ("unreadable", result.Totals.Unreadable),
            ("disconnects", result.Totals.Disconnects),
            ("pairs left", result.Totals.PairsWaiting),
        ];
        foreach (var (name, count) in troubles.Where(trouble => trouble.Count > 0))
            Append(text, name, $"{count,13:N0}");
    }

    private static void Append(StringBuilder text, string name, FormattableString value) =>
        text.Append(name.PadRight(12)).Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Append(StringBuilder text, string name, string value) =>
        text.Append(name.PadRight(12)).Append(value).Append('\n');
}
