namespace Processor.Cli.Tests;

/// <summary>A clock that stands until a test moves it. Its timers are the system's: they are only for giving up.</summary>
internal sealed class TestClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private long nanoseconds;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interlocked.Read(ref nanoseconds);

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp() / 100);

    public void Advance(TimeSpan time) => Interlocked.Add(ref nanoseconds, (long)time.TotalNanoseconds);
}
