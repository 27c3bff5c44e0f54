using System.Globalization;
using System.Net.Sockets;
using Processor.Testing;

namespace Processor.Bench;

/// <summary>Loads the bare echo as the host is loaded: what TCP, framing and the generator cost by themselves.</summary>
internal static class EchoYardstick
{
    /// <summary>Echoes a second at most.</summary>
    public const string Throughput = "bare echo, most";

    /// <summary>Median of the echo at the rate at which latency is measured.</summary>
    public const string Median = "bare echo at 1,000/s, p50";

    /// <summary>Median of the echo with one durable operation, at that rate.</summary>
    public const string DurableMedian = "echo and one durable operation at 1,000/s, p50";

    /// <summary>99.9th percentile of the echo with one durable operation, at that rate.</summary>
    public const string DurableTail = "echo and one durable operation at 1,000/s, p99.9";

    private const string Group = "Yardstick: bare echo over the same TCP endpoint";
    private const string DurableGroup = "Yardstick: the same echo, after one durable script call of one operation for each request";

    public static Task MeasureAsync(FigureSheet sheet, BenchOptions options) => ServeAsync([], async (port, pid) =>
    {
        await LoadProgram.RunClosedAsync(port, options.WarmUpSeconds, options.Window, "--no-sign-on");
        var cpu = ProcessTree.CpuSeconds(pid);
        var most = await LoadProgram.RunClosedAsync(port, options.YardstickSeconds, options.Window, "--no-sign-on");
        cpu = ProcessTree.CpuSeconds(pid) - cpu;
        sheet.Add(Group, Throughput, most.Throughput, "requests/s", $"{LoadProgram.Connections} connections, {options.Window} in flight on each");
        sheet.Add(Group, "bare echo, CPU of the server", cpu * 1e6 / most.Answered, "µs/request");
        sheet.Add(Group, "bare echo, CPU of the generator", most.GeneratorCpuSeconds * 1e6 / most.Answered, "µs/request");
        var calm = await LoadProgram.RunOpenAsync(port, options.YardstickSeconds, options.LatencyRate, "--no-sign-on", "--warm-up", "2");
        sheet.Add(Group, Median, calm.Latency["p50"], "µs");
        sheet.Add(Group, "bare echo at 1,000/s, p99", calm.Latency["p99"], "µs");
        sheet.Add(Group, "bare echo at 1,000/s, p99.9", calm.Latency["p99.9"], "µs");
    });

    /// <summary>What a request must cost that is answered when it is on disk, at the rate and for the time at which the host's latency is measured.</summary>
    public static async Task MeasureDurableAsync(FigureSheet sheet, BenchOptions options)
    {
        await using var redis = await LocalRedis.StartOwnAsync(RedisSettings.All);
        await ServeAsync([redis.ConnectionString], async (port, _) =>
        {
            var calm = await LoadProgram.RunOpenAsync(port, options.CalmSeconds, options.LatencyRate, "--no-sign-on", "--warm-up", options.IsQuick ? "3" : "10");
            sheet.Add(DurableGroup, DurableMedian, calm.Latency["p50"], "µs");
            sheet.Add(DurableGroup, "echo and one durable operation at 1,000/s, p99", calm.Latency["p99"], "µs");
            sheet.Add(DurableGroup, DurableTail, calm.Latency["p99.9"], "µs");
            sheet.Add(DurableGroup, "echo and one durable operation at 1,000/s, max", calm.Latency["max"], "µs");
        });
    }

    private static async Task ServeAsync(string[] redis, Func<int, int, Task> measureAsync)
    {
        var port = FreePorts.Take();
        using var echo = ServerProcess.Start(
            "KILL",
            Path.Combine(Path.GetTempPath(), $"processor-bench-echo-{Environment.ProcessId}.log"),
            [Environment.ProcessPath ?? "dotnet", typeof(EchoYardstick).Assembly.Location, "echo", port.ToString(CultureInfo.InvariantCulture), .. redis]);
        try
        {
            await echo.WaitUntilReadyAsync(cancellation => AcceptsAsync(port, cancellation), TimeSpan.FromSeconds(30));
            await measureAsync(port, echo.Pid);
        }
        finally
        {
            echo.End();
        }
    }

    private static async Task<bool> AcceptsAsync(int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
