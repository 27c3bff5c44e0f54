using System.Globalization;

namespace Processor.Bench;

/// <summary>
/// What checking credentials costs the whole system: purchases alone, then purchases with a cryptogram and an iCVV, in rounds that take
/// turns. They are prepared before the run, and of 64 answers one chip looks at its own, so that the generator costs little more.
/// </summary>
internal static class CredentialRun
{
    private const string Group = "End to end: credentials of cards";
    private const int Rounds = 3;

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
        List<LoadOutcome> without = [], with = [];
        await LoadProgram.RunClosedAsync(host.Port, options.WarmUpSeconds, options.Window, prepared);
        for (var round = 0; round < Rounds; round++)
        {
            without.Add(await RunAsync(host, seconds, options, cards));
            with.Add(await RunAsync(host, seconds, options, prepared));
        }

        var (alone, checkedOnes) = (without.Max(outcome => outcome.Throughput), with.Max(outcome => outcome.Throughput));
        sheet.Add(Group, "purchases alone", alone, "requests/s", $"the best of {Rounds} rounds; {LoadProgram.Connections} connections, {options.Window} in flight on each");
        sheet.AddAgainst(Group, "purchases with a cryptogram and iCVV", checkedOnes, "requests/s", "purchases alone", $"the best of {Rounds} rounds");
        sheet.Add(Group, "cost of the credentials", (1 - (checkedOnes / alone)) * 100, "% of the throughput");
        sheet.Add(Group, "CPU of the generator alone, with", Cpu(with) - Cpu(without), "µs/request more");
        sheet.Add(Group, "chips that looked at their answer", with.Sum(outcome => outcome.ChipsJudged), "chips");
        sheet.Add(Group, "of them, chips that did not know the issuer", with.Sum(outcome => outcome.IssuersUnknown), "chips");
        sheet.Add(Group, "not approved, with credentials", with.Sum(outcome => outcome.Answered - outcome.Codes.GetValueOrDefault("00")), "requests");
        sheet.Add(Group, "failed requests", without.Concat(with).Sum(outcome => outcome.Failed + outcome.Unavailable), "requests");
    }

    /// <summary>One round, behind one in which the projector has caught up.</summary>
    private static async Task<LoadOutcome> RunAsync(BenchHost host, double seconds, BenchOptions options, string[] traffic)
    {
        await host.CatchUpAsync();
        return await LoadProgram.RunClosedAsync(host.Port, seconds, options.Window, traffic);
    }

    private static double Cpu(List<LoadOutcome> outcomes) => outcomes.Sum(outcome => outcome.GeneratorCpuSeconds) * 1e6 / outcomes.Sum(outcome => outcome.Answered);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
