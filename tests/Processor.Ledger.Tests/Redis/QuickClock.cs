namespace Processor.Ledger.Tests;

/// <summary>A clock that runs twenty times as fast, so that what waits for ten seconds does so here for half a one.</summary>
internal sealed class QuickClock : TimeProvider
{
    private const int Times = 20;

    public override long TimestampFrequency => System.TimestampFrequency / Times;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Shorten(dueTime), Shorten(period));

    private static TimeSpan Shorten(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Times;
}
