using System.Globalization;

namespace Processor.Bench;

/// <summary>Looks at a host's figures once a second while something else runs, and prints them twice a minute.</summary>
internal sealed class HostWatch : IAsyncDisposable
{
    private const int PrintEvery = 30;

    private readonly CancellationTokenSource stopping = new();
    private readonly List<HostUsage> eachMinute = [];
    private readonly BenchHost host;
    private readonly Task watching;

    public HostWatch(BenchHost host)
    {
        this.host = host;
        watching = WatchAsync();
    }

    /// <summary>Most seconds that a partition's record in Postgres was behind.</summary>
    public double JournalLag { get; private set; } = double.NaN;

    /// <summary>Most seconds that a partition's projection was behind.</summary>
    public double ProjectionLag { get; private set; } = double.NaN;

    /// <summary>What had been used at the end of each whole minute.</summary>
    public IReadOnlyList<HostUsage> EachMinute => eachMinute;

    /// <summary>Ends the watch.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watching;
        stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            for (var second = 1; await timer.WaitForNextTickAsync(stopping.Token); second++)
            {
                var metrics = await host.MetricsAsync();
                JournalLag = Greater(JournalLag, metrics.Max("processor_journal_lag_seconds"));
                ProjectionLag = Greater(ProjectionLag, metrics.Max("processor_projection_lag_seconds"));
                if (second % PrintEvery != 0)
                    continue;
                var usage = host.Usage();
                if (second % 60 == 0)
                    eachMinute.Add(usage);
                Print(second, metrics, usage);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static void Print(int second, HostMetrics metrics, HostUsage usage) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"  {second} s: recorder {metrics.Max("processor_journal_lag_seconds"):0.0} s behind, projector {metrics.Max("processor_projection_lag_seconds"):0.0} s; host {usage.HostMebibytes:0} MiB, Redis {usage.RedisMebibytes:0} MiB"));

    private static double Greater(double known, double seen) => double.IsNaN(known) || seen > known ? seen : known;
}
