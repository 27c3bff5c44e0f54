using Processor.Testing;

namespace Processor.Bench;

/// <summary>One run: measures what was asked for and writes the sheet.</summary>
internal static class BenchRun
{
    public static async Task RunAsync(BenchOptions options, TimeProvider clock)
    {
        using var writes = options.WritesEarly ? new EarlyWrites() : null;
        var name = options.Name.Length > 0 ? options.Name : options.Verb;
        var sheet = new FigureSheet(options.IsQuick ? name + "-quick" : name, Machine.Describe(options), clock.GetUtcNow());
        Console.WriteLine(sheet.Machine.Line);
        if (options.Verb is "all" or "micro")
            MicroBench.Measure(sheet, options);
        if (options.Verb is "all" or "yardsticks" or "e2e" && !options.IsAlone)
        {
            await EchoYardstick.MeasureAsync(sheet, options);
            await EchoYardstick.MeasureDurableAsync(sheet, options);
            await RedisYardstick.MeasureAsync(sheet, options, clock);
            await PostgresYardstick.MeasureAsync(sheet, options);
        }

        if (options.Verb is "all" or "e2e")
            await EndToEndRun.MeasureAsync(sheet, options);
        if (options.Verb == "credentials")
            await CredentialRun.MeasureAsync(sheet, options);
        if (options.Verb == "ledger")
            await LedgerBench.MeasureAsync(sheet, options, clock);
        Console.WriteLine(SheetText.Save(sheet, RepositoryRoot.Path("bench", "results")));
    }
}
