namespace Processor.Host.Tests;

/// <summary>The system's clock, put forward: days pass at once, and timers run as ever.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ticks));

    internal void PutForward(TimeSpan time) => Interlocked.Add(ref ticks, time.Ticks);
}
