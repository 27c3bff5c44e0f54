namespace Processor.Cli.Load;

/// <summary>Nanoseconds since a run began; below 0 before, while it warms up.</summary>
internal sealed class LoadClock
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly double scale;
    private long origin;

    /// <param name="time">Where the time comes from.</param>
    public LoadClock(TimeProvider time)
    {
        Time = time;
        scale = (double)NanosecondsPerSecond / time.TimestampFrequency;
        origin = time.GetTimestamp();
    }

    /// <summary>Where the time comes from.</summary>
    public TimeProvider Time { get; }

    /// <summary>Now.</summary>
    public long Now => (long)((Time.GetTimestamp() - origin) * scale);

    /// <summary>Sets the beginning.</summary>
    /// <param name="nanoseconds">From now until the run begins.</param>
    public void BeginIn(long nanoseconds) => origin = Time.GetTimestamp() + (long)(nanoseconds / scale);

    /// <summary>Seconds as nanoseconds.</summary>
    public static long FromSeconds(double seconds) => (long)(seconds * NanosecondsPerSecond);

    /// <summary>Nanoseconds as seconds.</summary>
    public static double ToSeconds(long nanoseconds) => (double)nanoseconds / NanosecondsPerSecond;
}
