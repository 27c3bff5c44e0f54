namespace Processor.Bench;

/// <summary>Looks at a host's figures once a second while something else runs.</summary>
internal sealed class HostWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
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
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                var metrics = await host.MetricsAsync();
                JournalLag = Greater(JournalLag, metrics.Max("processor_journal_lag_seconds"));
                ProjectionLag = Greater(ProjectionLag, metrics.Max("processor_projection_lag_seconds"));
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static double Greater(double known, double seen) => double.IsNaN(known) || seen > known ? seen : known;
}
