using System.Globalization;
using Processor.Testing;

namespace Processor.Bench;

/// <summary>The ledger alone, in this process with a Redis of its own, by partitions and lanes.</summary>
internal static class LedgerBench
{
    private static readonly (int Partitions, int Lanes)[] Shapes = [(1, 1), (2, 1), (2, 2), (4, 1), (4, 2), (8, 1), (8, 2), (16, 2)];

    public static async Task MeasureAsync(FigureSheet sheet, BenchOptions options, TimeProvider clock)
    {
        foreach (var (partitions, lanes) in options.Shape is { } shape ? [shape] : Shapes)
            await MeasureAsync(sheet, options, partitions, lanes, clock);
    }

    private static async Task MeasureAsync(FigureSheet sheet, BenchOptions options, int partitions, int lanes, TimeProvider clock)
    {
        var group = string.Create(CultureInfo.InvariantCulture, $"Ledger alone: {partitions} partitions, {lanes} lanes");
        await using var redis = await LocalRedis.StartOwnAsync(RedisSettings.All);
        await using var load = await LedgerLoad.OpenAsync(redis.ConnectionString, partitions, lanes, options.Accounts, clock);
        await load.RunAsync(options.Outstanding, TimeSpan.FromSeconds(options.IsQuick ? 1 : 3));
        var server = ProcessTree.CpuSeconds(redis.Pid);
        var result = await load.RunAsync(options.Outstanding, TimeSpan.FromSeconds(options.YardstickSeconds));
        server = ProcessTree.CpuSeconds(redis.Pid) - server;
        var name = string.Create(CultureInfo.InvariantCulture, $"{options.Outstanding} outstanding");
        sheet.Add(group, name, result.Throughput, "operations/s", string.Create(CultureInfo.InvariantCulture, $"batches of {result.BatchSize:0.0} on average"));
        sheet.Add(group, name + ", mean batch", result.BatchSize, "operations");
        sheet.Add(group, name + ", p50", result.Latency.At(50), "µs");
        sheet.Add(group, name + ", p99", result.Latency.At(99), "µs");
        sheet.Add(group, name + ", CPU of this process", result.CpuMicroseconds, "µs/operation");
        sheet.Add(group, name + ", CPU of Redis", server * 1e6 / result.Operations, "µs/operation");
        sheet.Add(group, name + ", allocated", result.AllocatedBytes, "bytes/operation");
    }
}
