namespace Processor.Cli.Load;

/// <summary>When each request of an open-loop run is due: evenly, whatever the issuer does.</summary>
/// <param name="rate">Requests a second, above 0.</param>
/// <param name="start">When the first one is due, in nanoseconds; below 0 with a warm-up.</param>
/// <param name="end">No request is due from then on.</param>
internal sealed class Schedule(double rate, long start, long end)
{
    private readonly double interval = 1_000_000_000 / rate;

    /// <summary>Requests a second.</summary>
    public double Rate { get; } = rate;

    /// <summary>How many requests there are.</summary>
    public long Count { get; } = (long)Math.Ceiling((end - start) * rate / 1_000_000_000);

    /// <summary>When a request is due, in nanoseconds.</summary>
    public long DueOf(long request) => start + (long)(request * interval);

    /// <summary>How many requests are due by some time: one above the last of them.</summary>
    public long CountBy(long time) => time < start ? 0 : Math.Min(Count, (long)((time - start) / interval) + 1);
}
