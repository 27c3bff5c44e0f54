namespace Processor.Cli.Load;

/// <summary>One load from the first connection to the last answer.</summary>
/// <param name="plan">What it is made of.</param>
/// <param name="time">Where the time comes from.</param>
internal sealed class LoadRun(LoadPlan plan, TimeProvider time)
{
    private const int TicksPerReference = 100;
    private const long ReferenceLimit = 1_000_000_000_000;
    private const double LeadSeconds = 0.02;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly LoadClock clock = new(time);
    private readonly List<LoadSecond> seconds = [];
    private LoadTotals latest = new();
    private double latestTime;

    /// <summary>Runs it.</summary>
    /// <param name="progress">Called each second of the measured time, and after the last answer if something has happened since.</param>
    /// <param name="cancellation">Ends it early; what was measured until then is the result.</param>
    /// <exception cref="IOException">The issuer cannot be reached at the beginning, or refuses the sign-on.</exception>
    /// <exception cref="FormatException">A request does not suit the dialect.</exception>
    public async Task<LoadResult> RunAsync(Action<LoadSecond, LoadTotals> progress, CancellationToken cancellation)
    {
        long firstReference = time.GetUtcNow().UtcTicks / TicksPerReference % ReferenceLimit;
        LoadConnection[] connections =
            [.. Enumerable.Range(0, plan.Connections).Select(index => new LoadConnection(plan, clock, index, firstReference))];
        using var stop = new CancellationTokenSource();
        Task[] receivers = [];
        try
        {
            await Task.WhenAll(connections.Select(connection => connection.ConnectAsync(cancellation)));
            var cpuBefore = Environment.CpuUsage.TotalTime;
            clock.BeginIn(LoadClock.FromSeconds(LeadSeconds + plan.WarmUpSeconds));
            var startedAt = time.GetUtcNow();
            receivers = [.. connections.Select(connection => Task.Run(() => connection.ReceiveAsync(stop.Token), stop.Token))];
            long unsent = await SendAsync(connections, progress, cancellation);
            double measured = Math.Clamp(LoadClock.ToSeconds(clock.Now), 0, plan.Seconds);
            await DrainAsync(connections, cancellation);
            if (Observe(connections) is { } last && last.Sent + last.Answered > 0)
                progress(last, latest);
            return new(plan, startedAt, latest, measured, unsent, seconds) { CpuSeconds = (Environment.CpuUsage.TotalTime - cpuBefore).TotalSeconds };
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var connection in connections)
                connection.Dispose();
            await Task.WhenAll(receivers);
        }
    }

    private async Task<long> SendAsync(
        LoadConnection[] connections, Action<LoadSecond, LoadTotals> progress, CancellationToken cancellation)
    {
        if (plan.Rate == 0)
        {
            await WatchAsync(connections, () => clock.Now >= LoadClock.FromSeconds(plan.Seconds), progress, cancellation);
            return 0;
        }

        var schedule = new Schedule(plan.Rate, LoadClock.FromSeconds(-plan.WarmUpSeconds), LoadClock.FromSeconds(plan.Seconds));
        var loop = new OpenLoop(connections, schedule, clock);
        var pacer = Task.Factory.StartNew(
            () => loop.Run(plan.Patience, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await WatchAsync(connections, () => pacer.IsCompleted, progress, cancellation);
        await pacer;
        return loop.Unsent;
    }

    private async Task WatchAsync(
        LoadConnection[] connections, Func<bool> isOver, Action<LoadSecond, LoadTotals> progress, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Tick, time);
        double due = 1;
        while (!isOver() && !cancellation.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            if (LoadClock.ToSeconds(clock.Now) < due)
                continue;
            progress(Observe(connections), latest);
            due = Math.Floor(latestTime) + 1;
        }
    }

    // What pairs are left is sent, at the run's rate; then the last answers are waited for.
    private async Task DrainAsync(LoadConnection[] connections, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Tick, time);
        double portion = plan.Rate == 0 ? plan.Window : plan.Rate * Tick.TotalSeconds / connections.Length;
        double allowed = 0;
        long deadline = clock.Now + (long)plan.Patience.TotalNanoseconds;
        while (connections.Any(connection => !connection.IsIdle) && clock.Now < deadline && !cancellation.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            allowed += portion;
            int sent = connections.Sum(connection => connection.SendNow((int)allowed));
            allowed -= (int)allowed;
            if (sent > 0)
                deadline = clock.Now + (long)plan.Patience.TotalNanoseconds;
        }
    }

    private LoadSecond Observe(LoadConnection[] connections)
    {
        double now = LoadClock.ToSeconds(clock.Now);
        var totals = new LoadTotals();
        foreach (var connection in connections)
            connection.AddTo(totals);

        // What comes after the last request is due says nothing about the rate.
        double span = Math.Min(now, plan.Seconds) - latestTime;
        double rate = span <= 0 ? 0 : (totals.AnsweredInTime - latest.AnsweredInTime) / span;
        var second = new LoadSecond(
            now, totals.Sent - latest.Sent, totals.Answered - latest.Answered, rate, totals.InFlight,
            totals.Latency.Since(latest.Latency));
        latest = totals;
        latestTime = now;
        seconds.Add(second);
        return second;
    }
}
