namespace Processor.Cli.Load;

/// <summary>Sends each request when it is due, whether or not earlier ones have been answered. For one thread.</summary>
/// <param name="connections">They take turns.</param>
/// <param name="schedule">When each request is due.</param>
/// <param name="clock">The run's clock.</param>
internal sealed class OpenLoop(IReadOnlyList<LoadConnection> connections, Schedule schedule, LoadClock clock)
{
    // One write carries what fell due in this time. The finer, the truer a latency; but where requests come faster than this many a
    // second, the generator would take more of the machine that it measures than anything it measures.
    private const long FineQuantum = 200_000;
    private const long CoarseQuantum = 1_000_000;
    private const double FineMost = 5_000;

    // A wait is short enough that a stopped run ends soon.
    private const long WaitMax = 50_000_000;

    // What has piled up is spread over the connections in portions.
    private const int BatchMax = 64;

    private readonly long quantum = schedule.Rate <= FineMost ? FineQuantum : CoarseQuantum;
    private long next;
    private int turn;

    /// <summary>Requests that are due and have not been sent.</summary>
    public long Unsent => schedule.CountBy(clock.Now) - next;

    /// <summary>Sends until all have been sent, or until the patience after the last due time is over.</summary>
    public void Run(TimeSpan patience, CancellationToken cancellation)
    {
        long deadline = schedule.DueOf(schedule.Count) + (long)patience.TotalNanoseconds;
        while (next < schedule.Count && !cancellation.IsCancellationRequested && clock.Now < deadline)
        {
            bool isStuck = SendDue() > 0;
            long wait = schedule.DueOf(next) - clock.Now;
            ShortWait.For(Math.Clamp(wait, isStuck ? CoarseQuantum : quantum, WaitMax));
        }
    }

    /// <summary>Sends what is due now, but for what connections that are down or full do not take.</summary>
    /// <returns>How many were due and have not been taken.</returns>
    public long SendDue()
    {
        long limit = schedule.CountBy(clock.Now);
        int refusals = 0;
        while (next < limit && refusals < connections.Count)
        {
            int sent = connections[turn].SendDue(schedule, next, Math.Min(limit, next + BatchMax));
            turn = (turn + 1) % connections.Count;
            next += sent;
            refusals = sent == 0 ? refusals + 1 : 0;
        }

        return limit - next;
    }
}
