using System.Threading.Tasks.Sources;

namespace Processor.Switch;

/// <summary>Counts the requests of one connection that wait for their answer, and holds up the reader when they are too many.</summary>
/// <remarks>One reader waits at a time; any thread leaves. Waiting allocates nothing, and never continues on the thread that leaves.</remarks>
internal sealed class InFlightGate(int max) : IValueTaskSource
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private int count;
    private int allowed;
    private bool isAwaited;

    /// <summary>Requests inside.</summary>
    internal int Count
    {
        get
        {
            lock (gate)
                return count;
        }
    }

    /// <summary>Takes a place when there is one.</summary>
    internal bool TryEnter()
    {
        lock (gate)
        {
            if (count >= max)
                return false;
            count++;
            return true;
        }
    }

    /// <summary>Waits until a place is free; the caller then tries again.</summary>
    internal ValueTask WaitAsync() => WaitAsync(max - 1);

    /// <summary>Waits until all have left.</summary>
    internal ValueTask DrainAsync() => WaitAsync(0);

    /// <summary>Gives a place back.</summary>
    internal void Exit()
    {
        lock (gate)
        {
            count--;
            if (!isAwaited || count > allowed)
                return;
            isAwaited = false;
        }

        source.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    private ValueTask WaitAsync(int most)
    {
        lock (gate)
        {
            if (count <= most)
                return ValueTask.CompletedTask;
            source.Reset();
            allowed = most;
            isAwaited = true;
            return new(this, source.Version);
        }
    }
}
