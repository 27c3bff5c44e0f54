namespace Processor.Switch.Tests;

/// <summary>A clock that the test moves; its timers fire on the thread that moves it.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private DateTimeOffset now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    /// <summary>Goes on, in steps no longer than a tick of the wheel, firing what is due.</summary>
    public void Advance(TimeSpan time)
    {
        var end = GetUtcNow() + time;
        while (GetUtcNow() < end)
        {
            Timer[] due;
            lock (gate)
            {
                now = now + TimeSpan.FromMilliseconds(5) < end ? now + TimeSpan.FromMilliseconds(5) : end;
                due = [.. timers.Where(timer => timer.IsDue(now))];
            }

            foreach (var timer in due)
                timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        lock (gate)
            timers.Add(timer);
        return timer;
    }

    private sealed class Timer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        private DateTimeOffset? due;
        private TimeSpan period;

        public bool IsDue(DateTimeOffset now) => due <= now;

        public void Fire()
        {
            due = period > TimeSpan.Zero ? due + period : null;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            due = dueTime < TimeSpan.Zero ? null : clock.GetUtcNow() + dueTime;
            period = newPeriod;
            return true;
        }

        public void Dispose()
        {
            due = null;
            lock (clock.gate)
                clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
