using System.Globalization;

namespace Processor.Bench;

/// <summary>
/// What checking credentials costs the whole system: purchases alone and purchases with a cryptogram and an iCVV, in rounds that take
/// turns, of which the medians count. They are prepared before the run, and of 64 answers one chip looks at its own, so that the generator
/// costs little more.
/// </summary>
internal static class CredentialRun
{
    private const string Group = "End to end: credentials of cards";
    private const int Rounds = 6;

    // More than a round sends: a cryptogram that comes again is refused.
    private const int PreparedASecond = 45_000;

    public static async Task MeasureAsync(FigureSheet sheet, BenchOptions options)
    {
        // The chips count on from run to run, in a file beside the data; these begin with the ledger that they are used on.
        var chips = Directory.CreateTempSubdirectory("processor-bench-chips-");
        Environment.SetEnvironmentVariable("PROCESSOR_DATA", chips.FullName);
        try
        {
            await using var host = await BenchHost.StartAsync(options);
            await MeasureAsync(sheet, options, host);
        }
        finally
        {
            chips.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(FigureSheet sheet, BenchOptions options, BenchHost host)
    {
        var seconds = options.YardstickSeconds;
        string[] cards = ["--card-count", Text(options.Accounts)];
        string[] prepared = [.. cards, "--credentials", Text((int)(PreparedASecond * seconds))];
        List<Round> without = [], with = [];
        await LoadProgram.RunClosedAsync(host.Port, options.WarmUpSeconds, options.Window, prepared);
        for (var round = 0; round < Rounds; round++)
        {
            // Each goes first in half of the rounds, so that neither gains from what becomes slower or faster with time.
            if (round % 2 == 0)
                without.Add(await RunAsync(host, seconds, options, cards));
            with.Add(await RunAsync(host, seconds, options, prepared));
            if (round % 2 != 0)
                without.Add(await RunAsync(host, seconds, options, cards));
        }

        var (alone, checkedOnes) = (Median(without), Median(with));
        sheet.Add(Group, "purchases alone", alone, "requests/s", $"{Spread(without)}; {LoadProgram.Connections} connections, {options.Window} in flight on each");
        sheet.AddAgainst(Group, "purchases with a cryptogram and iCVV", checkedOnes, "requests/s", "purchases alone", Spread(with));
        sheet.Add(Group, "cost of the credentials", (1 - (checkedOnes / alone)) * 100, "% of the throughput");
        AddCpu("the host", round => round.Host);
        AddCpu("Redis", round => round.Redis);
        AddCpu("Postgres", round => round.Postgres);
        AddCpu("the generator", round => round.Outcome.GeneratorCpuSeconds);
        sheet.Add(Group, "chips that looked at their answer", with.Sum(round => round.Outcome.ChipsJudged), "chips");
        sheet.Add(Group, "of them, chips that did not know the issuer", with.Sum(round => round.Outcome.IssuersUnknown), "chips");
        sheet.Add(Group, "not approved, with credentials", with.Sum(round => round.Outcome.Answered - round.Outcome.Codes.GetValueOrDefault("00")), "requests");
        sheet.Add(Group, "failed requests", without.Concat(with).Sum(round => round.Outcome.Failed + round.Outcome.Unavailable), "requests");

        void AddCpu(string process, Func<Round, double> seconds)
        {
            var (before, after) = (Cpu(without, seconds), Cpu(with, seconds));
            sheet.Add(Group, $"CPU of {process}, with", after, "µs/request", string.Create(CultureInfo.InvariantCulture, $"{before:0.0} without"));
        }
    }

    /// <summary>One round, begun when the projector has caught up and Postgres has written what the round before left.</summary>
    private static async Task<Round> RunAsync(BenchHost host, double seconds, BenchOptions options, string[] traffic)
    {
        await host.CatchUpAsync();
        await host.SettleAsync();
        var before = host.Usage();
        var outcome = await LoadProgram.RunClosedAsync(host.Port, seconds, options.Window, traffic);
        var after = host.Usage();
        return new(outcome, after.Host - before.Host, after.Redis - before.Redis, after.Postgres - before.Postgres);
    }

    private static double Median(List<Round> rounds)
    {
        double[] sorted = [.. rounds.Select(round => round.Outcome.Throughput).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Spread(List<Round> rounds) => string.Create(
        CultureInfo.InvariantCulture,
        $"the median of {rounds.Count} rounds, {rounds.Min(round => round.Outcome.Throughput):#,0} to {rounds.Max(round => round.Outcome.Throughput):#,0}");

    private static double Cpu(List<Round> rounds, Func<Round, double> seconds) => rounds.Sum(seconds) * 1e6 / rounds.Sum(round => round.Outcome.Answered);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>What one round was like, with the CPU seconds of the three processes.</summary>
    private sealed record Round(LoadOutcome Outcome, double Host, double Redis, double Postgres);
}
