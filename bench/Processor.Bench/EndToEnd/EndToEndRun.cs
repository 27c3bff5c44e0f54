using System.Diagnostics;
using System.Globalization;

namespace Processor.Bench;

/// <summary>The whole system on this machine: the host under load, with its figures held against the yardsticks.</summary>
internal static class EndToEndRun
{
    private const string Most = "End to end: closed loop, the most";
    private const string Calm = "End to end: 1,000 requests a second";
    private const string Half = "End to end: half of the most";

    public static async Task MeasureAsync(FigureSheet sheet, BenchOptions options)
    {
        await using var host = await BenchHost.StartAsync(options);
        await LoadProgram.RunClosedAsync(host.Port, options.WarmUpSeconds, options.Window, Traffic(options, 2));
        if (options.IsCalm)
        {
            await MeasureCatchingUpAsync(sheet, host);
            await host.SettleAsync();
            await MeasureCalmAsync(sheet, options, host);
            return;
        }

        if (options.Rate is { } rate)
        {
            await MeasureCatchingUpAsync(sheet, host);
            await host.SettleAsync();
            await MeasureHalfAsync(sheet, options, host, rate);
            return;
        }

        var most = await MeasureMostAsync(sheet, options, host);
        if (options.EndsAfterMost)
            return;
        await MeasureCatchingUpAsync(sheet, host);
        await host.SettleAsync();
        await MeasureCalmAsync(sheet, options, host);
        await MeasureHalfAsync(sheet, options, host, most / 2);
    }

    /// <summary>Purchases on cards of their own, each reversed some seconds later: both count as requests.</summary>
    private static string[] Traffic(BenchOptions options, double pairSeconds) =>
    [
        "--card-count", options.Accounts.ToString(CultureInfo.InvariantCulture),
        "--pair", "reversal",
        "--pair-within", pairSeconds.ToString(CultureInfo.InvariantCulture),
    ];

    private static async Task<double> MeasureMostAsync(FigureSheet sheet, BenchOptions options, BenchHost host)
    {
        HostWatch watch;
        LoadOutcome outcome;
        await using (watch = new HostWatch(host))
        {
            (outcome, _) = await MeasureAsync(
                sheet, Most, "most", host, () => LoadProgram.RunClosedAsync(host.Port, options.YardstickSeconds * 2, options.Window, Traffic(options, 3)));
        }

        var note = $"{LoadProgram.Connections} connections, {options.Window} in flight on each";
        sheet.AddAgainst(Most, "end to end, most", outcome.Throughput, "requests/s", PostgresYardstick.Throughput, note);
        sheet.AddAgainst(Most, "end to end, most, of Redis alone", outcome.Throughput, "requests/s", RedisYardstick.Throughput);
        sheet.AddAgainst(Most, "end to end, most, of the echo", outcome.Throughput, "requests/s", EchoYardstick.Throughput);
        AddLatency(sheet, Most, "most", outcome);
        AddLag(sheet, Most, "most, greatest lag of the recorder", watch.JournalLag);
        return outcome.Throughput;
    }

    /// <summary>The projector falls behind while the host is asked for its most; what comes next is measured when it has caught up.</summary>
    private static async Task MeasureCatchingUpAsync(FigureSheet sheet, BenchHost host)
    {
        var started = Stopwatch.GetTimestamp();
        var lag = await host.CatchUpAsync();
        if (double.IsNaN(lag))
            return;
        sheet.Add(Most, "most, lag of the projector at the end", lag, "s");
        sheet.Add(Most, "most, time of the projector to catch up", Stopwatch.GetElapsedTime(started).TotalSeconds, "s");
    }

    private static async Task MeasureCalmAsync(FigureSheet sheet, BenchOptions options, BenchHost host)
    {
        var before = await host.MetricsAsync();
        var outcome = await LoadProgram.RunOpenAsync(host.Port, options.CalmSeconds, options.LatencyRate, [.. Traffic(options, 5), "--warm-up", options.IsQuick ? "3" : "25"]);
        var after = await host.MetricsAsync();
        sheet.AddAgainst(Calm, "at 1,000/s, p50", outcome.Latency["p50"], "µs", EchoYardstick.DurableMedian);
        sheet.Add(Calm, "at 1,000/s, p99", outcome.Latency["p99"], "µs");
        sheet.AddAgainst(Calm, "at 1,000/s, p99.9", outcome.Latency["p99.9"], "µs", EchoYardstick.DurableTail);
        sheet.Add(Calm, "at 1,000/s, max", outcome.Latency["max"], "µs");
        AddDifference(sheet, Calm, "at 1,000/s, pauses of the host's collector, with the warm-up", "ms", before, after, "dotnet_gc_pause_time_seconds_total", 1e-3);
        AddDifference(sheet, Calm, "at 1,000/s, collections, with the warm-up", "collections", before, after, "dotnet_gc_collections_total", 1);
        AddFailures(sheet, Calm, "at 1,000/s", outcome);
    }

    private static async Task MeasureHalfAsync(FigureSheet sheet, BenchOptions options, BenchHost host, double rate)
    {
        var before = host.Usage();
        HostWatch watch;
        LoadOutcome outcome;
        await using (watch = new HostWatch(host))
        {
            var pair = Math.Min(30, options.Seconds / 4);
            (outcome, _) = await MeasureAsync(
                sheet, Half, "half", host,
                () => LoadProgram.RunOpenAsync(host.Port, options.Seconds, Math.Floor(rate), [.. Traffic(options, pair), "--warm-up", "1"]));
        }

        var after = host.Usage();
        sheet.Add(Half, "half, throughput", outcome.Throughput, "requests/s", string.Create(CultureInfo.InvariantCulture, $"open loop at {rate:0}/s for {options.Seconds} s"));
        AddLatency(sheet, Half, "half", outcome);
        AddLag(sheet, Half, "half, greatest lag of the recorder", watch.JournalLag);
        AddLag(sheet, Half, "half, greatest lag of the projector", watch.ProjectionLag);
        sheet.Add(Half, "half, memory of the host at the end", after.HostMebibytes, "MiB", Growth(before, watch, usage => usage.HostMebibytes));
        sheet.Add(Half, "half, memory of Redis at the end", after.RedisMebibytes, "MiB", Growth(before, watch, usage => usage.RedisMebibytes));
    }

    private static string Growth(HostUsage before, HostWatch watch, Func<HostUsage, double> memory)
    {
        var start = string.Create(CultureInfo.InvariantCulture, $"{memory(before):0} MiB before");
        var minutes = watch.EachMinute.Select(usage => memory(usage).ToString("0", CultureInfo.InvariantCulture));
        return watch.EachMinute.Count == 0 ? start : $"{start}; after each minute {string.Join(", ", minutes)}";
    }

    /// <summary>Runs a load and adds what each process used for one request.</summary>
    private static async Task<(LoadOutcome Outcome, HostUsage Before)> MeasureAsync(
        FigureSheet sheet, string group, string name, BenchHost host, Func<Task<LoadOutcome>> load)
    {
        var metricsBefore = await host.MetricsAsync();
        var before = host.Usage();
        var outcome = await load();
        var after = host.Usage();
        var metrics = await host.MetricsAsync();
        var count = (double)outcome.Answered;
        sheet.Add(group, $"{name}, CPU of the host", (after.Host - before.Host) * 1e6 / count, "µs/request");
        sheet.Add(group, $"{name}, CPU of Redis", (after.Redis - before.Redis) * 1e6 / count, "µs/request");
        sheet.Add(group, $"{name}, CPU of Postgres", (after.Postgres - before.Postgres) * 1e6 / count, "µs/request");
        sheet.Add(group, $"{name}, CPU of the generator", outcome.GeneratorCpuSeconds * 1e6 / count, "µs/request");
        AddDifference(sheet, group, $"{name}, allocated by the host", "bytes/request", metricsBefore, metrics, "dotnet_gc_heap_total_allocated_bytes_total", count);
        var batches = metrics.Sum("processor_ledger_batch_size_count") - metricsBefore.Sum("processor_ledger_batch_size_count");
        AddDifference(sheet, group, $"{name}, mean batch", "requests/script call", metricsBefore, metrics, "processor_ledger_batch_size_sum", batches);
        AddFailures(sheet, group, name, outcome);
        return (outcome, before);
    }

    private static void AddDifference(FigureSheet sheet, string group, string name, string unit, HostMetrics before, HostMetrics after, string metric, double divisor)
    {
        var value = (after.Sum(metric) - before.Sum(metric)) / divisor;
        if (double.IsFinite(value))
            sheet.Add(group, name, value, unit);
    }

    private static void AddLatency(FigureSheet sheet, string group, string name, LoadOutcome outcome)
    {
        foreach (var percentile in (string[])["p50", "p99", "p99.9", "max"])
            sheet.Add(group, $"{name}, {percentile}", outcome.Latency[percentile], "µs");
    }

    private static void AddLag(FigureSheet sheet, string group, string name, double seconds)
    {
        if (!double.IsNaN(seconds))
            sheet.Add(group, name, seconds, "s");
    }

    private static void AddFailures(FigureSheet sheet, string group, string name, LoadOutcome outcome)
    {
        var codes = string.Join(", ", outcome.Codes.OrderBy(code => code.Key, StringComparer.Ordinal).Select(code => $"{code.Key}: {code.Value.ToString("#,0", CultureInfo.InvariantCulture)}"));
        sheet.Add(group, $"{name}, failed requests", outcome.Failed + outcome.Unavailable, "requests", $"DE 39 of all answers: {codes}");
    }
}
