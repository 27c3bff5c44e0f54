using Processor.Cli.Load;

namespace Processor.Cli.Tests;

/// <summary>The connections and the pacer of a load, which a test drives by hand.</summary>
internal sealed class LoadBench : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly LoadConnection[] connections;

    public LoadBench(LoadPlan plan, LoadClock clock)
    {
        connections = [.. Enumerable.Range(0, plan.Connections).Select(index => new LoadConnection(plan, clock, index, firstReference: 0))];
        var schedule = new Schedule(plan.Rate, LoadClock.FromSeconds(-plan.WarmUpSeconds), LoadClock.FromSeconds(plan.Seconds));
        Loop = new OpenLoop(connections, schedule, clock);
    }

    public OpenLoop Loop { get; }

    public async Task ConnectAsync()
    {
        foreach (var connection in connections)
        {
            await connection.ConnectAsync(CancellationToken.None);
            _ = connection.ReceiveAsync(stop.Token);
        }
    }

    /// <summary>Waits until so many measured requests have been answered, and gives what was counted.</summary>
    public async Task<LoadTotals> TotalsAsync(long answered)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var totals = new LoadTotals();
            foreach (var connection in connections)
                connection.AddTo(totals);
            if (totals.Answered >= answered && totals.InFlight == 0)
                return totals;
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        foreach (var connection in connections)
            connection.Dispose();
        stop.Dispose();
    }
}
