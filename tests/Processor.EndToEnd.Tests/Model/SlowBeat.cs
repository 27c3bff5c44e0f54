using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>What a host agrees on with the others, whose news a test can keep from it for a while: when they come they are old.</summary>
internal sealed class SlowBeat(ILedgerRecovery recovery) : PassedOn(recovery)
{
    private TaskCompletionSource? gate;
    private int late;

    /// <summary>Rounds of news that came late.</summary>
    internal int Late => Volatile.Read(ref late);

    /// <summary>True while a round's news are kept back.</summary>
    internal bool IsWaiting { get; private set; }

    /// <summary>Keeps the news of the next round back.</summary>
    internal void Hold() => gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets them come.</summary>
    internal void LetGo() => Interlocked.Exchange(ref gate, null)?.SetResult();

    public override async Task<IReadOnlyList<PartitionStanding>> BeatAsync(int writer, CancellationToken cancellation)
    {
        var held = gate;
        var news = await base.BeatAsync(writer, cancellation);
        if (held is null)
            return news;
        IsWaiting = true;
        await held.Task.WaitAsync(cancellation);
        IsWaiting = false;
        Interlocked.Increment(ref late);
        return news;
    }
}
