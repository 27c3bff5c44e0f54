namespace Processor.EndToEnd.Tests;

/// <summary>A host's clock that goes as ours does and is wrong by a time that a test may change. Timers are not concerned.</summary>
/// <param name="error">How far it is ahead at first; negative when it is behind.</param>
internal sealed class MovableClock(TimeSpan error) : TimeProvider
{
    private long ticks = error.Ticks;

    /// <summary>Moves it ahead.</summary>
    internal void Move(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref ticks));
}
