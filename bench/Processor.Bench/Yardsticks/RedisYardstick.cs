using System.Diagnostics;
using System.Globalization;
using Processor.Ledger;
using Processor.Testing;

namespace Processor.Bench;

/// <summary>What Redis alone does with the project's own commit script, each call on disk before it is answered.</summary>
internal static class RedisYardstick
{
    /// <summary>Operations a second that Redis commits at most when all else is done beforehand.</summary>
    public const string Throughput = "Redis alone, batches of 128, 2 in flight";

    private const string Group = "Yardstick: Redis alone, prepared batches of the commit script, appendfsync always";
    private const string RoundTripGroup = "Yardstick: one durable script call of one operation, as round trip";
    private const int BatchSize = 128;

    public static async Task MeasureAsync(FigureSheet sheet, BenchOptions options, TimeProvider clock)
    {
        MeasureDisk(sheet);
        await using var redis = await LocalRedis.StartOwnAsync(RedisSettings.All);
        using var link = await RedisLink.ConnectAsync(redis.ConnectionString, clock);
        await link.SetFieldAsync(PreparedBatches.Meta, "epoch", PreparedBatches.Epoch, onlyNew: false);
        var script = (await link.LoadScriptAsync(PreparedBatches.Meta, run: "", owner: "bench")).Script;
        var batches = new PreparedBatches(options.Accounts, clock);
        await CommitAsync(link, script, [.. batches.Open()], inFlight: 1);

        var count = options.IsQuick ? 100 : 1_500;
        await CommitAsync(link, script, batches.Make(count / 5, BatchSize), inFlight: 1);
        await MeasureBatchesAsync(sheet, link, script, redis, batches.Make(count, BatchSize), BatchSize, 1, "Redis alone, batches of 128, 1 in flight");
        await MeasureBatchesAsync(sheet, link, script, redis, batches.Make(count, BatchSize), BatchSize, 2, Throughput);
        await MeasureBatchesAsync(sheet, link, script, redis, batches.Make(count * 2, 16), 16, 2, "Redis alone, batches of 16, 2 in flight");
        await MeasureRoundTripAsync(sheet, link, script, batches.Make(options.IsQuick ? 500 : 10_000, 1), pause: false);
        await MeasureRoundTripAsync(sheet, link, script, batches.Make(options.IsQuick ? 500 : 5_000, 1), pause: true);
    }

    private static async Task MeasureBatchesAsync(
        FigureSheet sheet, RedisLink link, byte[] script, LocalRedis redis, List<PreparedBatches.Batch> batches, int size, int inFlight, string name)
    {
        GC.Collect();
        using var self = Process.GetCurrentProcess();
        var own = self.TotalProcessorTime;
        var server = ProcessTree.CpuSeconds(redis.Pid);
        var started = Stopwatch.GetTimestamp();
        await CommitAsync(link, script, batches, inFlight);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        server = ProcessTree.CpuSeconds(redis.Pid) - server;
        self.Refresh();
        own = self.TotalProcessorTime - own;
        var operations = batches.Sum(batch => batch.Count);
        var note = string.Create(CultureInfo.InvariantCulture, $"{batches.Average(batch => batch.Call.Written.Length) / size:0} bytes an operation");
        sheet.Add(Group, name, operations / seconds, "operations/s", note);
        sheet.Add(Group, name + ", CPU of Redis", server * 1e6 / operations, "µs/operation");
        sheet.Add(Group, name + ", CPU of the client", own.TotalMicroseconds / operations, "µs/operation");
    }

    private static async Task MeasureRoundTripAsync(FigureSheet sheet, RedisLink link, byte[] script, List<PreparedBatches.Batch> batches, bool pause)
    {
        var times = new List<double>(batches.Count);
        foreach (var batch in batches)
        {
            // A sleep of a millisecond lets the cores go idle between calls, as they are at 1,000 a second.
            if (pause)
                await Task.Delay(1);
            var started = Stopwatch.GetTimestamp();
            await batch.CommitAsync(link, script);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        var percentiles = new Percentiles(times);
        var how = pause ? "durable round trip after a pause of 1 ms" : "durable round trip";
        sheet.Add(RoundTripGroup, how + ", p50", percentiles.At(50), "µs");
        sheet.Add(RoundTripGroup, how + ", p99", percentiles.At(99), "µs");
        sheet.Add(RoundTripGroup, how + ", p99.9", percentiles.At(99.9), "µs");
    }

    /// <summary>Sends all in order, keeping so many unanswered; fails when one was not committed.</summary>
    private static async Task CommitAsync(RedisLink link, byte[] script, List<PreparedBatches.Batch> batches, int inFlight)
    {
        var calls = new Queue<Task>(inFlight);
        foreach (var batch in batches)
        {
            if (calls.Count == inFlight)
                await calls.Dequeue();
            calls.Enqueue(batch.CommitAsync(link, script));
        }

        await Task.WhenAll(calls);
    }

    private static void MeasureDisk(FigureSheet sheet)
    {
        const int Writes = 500;
        var path = Path.Combine(Path.GetTempPath(), $"processor-bench-disk-{Environment.ProcessId}");
        var bytes = new byte[1024];
        var times = new List<double>(Writes);
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose))
        {
            for (var index = 0; index < Writes; index++)
            {
                var started = Stopwatch.GetTimestamp();
                file.Write(bytes);
                file.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            }
        }

        var percentiles = new Percentiles(times);
        sheet.Add("Yardstick: the disk", "append of 1 KiB and fsync, p50", percentiles.At(50), "µs");
        sheet.Add("Yardstick: the disk", "append of 1 KiB and fsync, p99", percentiles.At(99), "µs");
    }
}
