using System.Threading.Channels;

namespace Processor.Ledger;

/// <summary>Gives turns to its partitions, one script call each at a time; what arrives meanwhile waits for the next turn and makes
/// its batch larger.</summary>
/// <remarks>It waits for all turns of a round, so that Redis has several calls to flush at once. A call that takes long ends the round: its
/// partition goes on by itself, and the others, which may live on another master, do not wait for it.</remarks>
internal sealed class Lane<TDecide>
    where TDecide : struct, IDecide
{
    // Longer than a busy disk takes for a flush, nearly always.
    private static readonly TimeSpan RoundMax = TimeSpan.FromMilliseconds(100);

    private readonly Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Partition<TDecide>[] partitions;
    private readonly Task[] turns;
    private readonly List<Task> round = [];
    private readonly PartitionContext context;
    private readonly ITimer timer;
    private readonly int number;
    private TaskCompletionSource roundEnd = NewEnd();

    internal Lane(int number, Partition<TDecide>[] partitions, PartitionContext context)
    {
        this.number = number;
        this.partitions = partitions;
        this.context = context;
        turns = [.. partitions.Select(_ => Task.CompletedTask)];
        timer = context.Clock.CreateTimer(_ => Volatile.Read(ref roundEnd).TrySetResult(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        foreach (var partition in partitions)
            partition.Wake = Wake;
    }

    /// <summary>Says that there is work.</summary>
    internal void Wake() => wakes.Writer.TryWrite(true);

    internal async Task RunAsync()
    {
        try
        {
            while (await wakes.Reader.WaitToReadAsync(context.Stopping))
            {
                wakes.Reader.TryRead(out _);
                await TakeTurnsAsync();
            }
        }
        catch (OperationCanceledException) when (context.Stopping.IsCancellationRequested)
        {
            // The host stops: what waits is answered below.
        }
#pragma warning disable CA1031 // A lane that dies silently would leave its requests unanswered: it says so and stops its partitions.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            LedgerLog.LaneFailed(context.Log, problem, number);

            // Told first: another turn's call may take as long as Redis is away, and ends with the host.
            context.Failure.TrySetResult();
            await Task.WhenAll(turns).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var partition in partitions)
                partition.Abandon("a failed lane");
        }

        await Task.WhenAll(turns).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await timer.DisposeAsync();
        foreach (var partition in partitions)
            partition.CompleteWaiting();
    }

    private static TaskCompletionSource NewEnd() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task TakeTurnsAsync()
    {
        while (true)
        {
            for (var index = 0; index < partitions.Length; index++)
            {
                // One that failed by itself is heard of here.
                if (turns[index].IsFaulted)
                    await turns[index];
                if (turns[index].IsCompleted && partitions[index].HasWork)
                    round.Add(turns[index] = partitions[index].TakeTurnAsync());
            }

            if (round.Count == 0)
                return;
            timer.Change(RoundMax, Timeout.InfiniteTimeSpan);
            foreach (var turn in round)
                await EndAsync(turn);
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            round.Clear();
            if (roundEnd.Task.IsCompleted)
                Volatile.Write(ref roundEnd, NewEnd());
        }
    }

    private async ValueTask EndAsync(Task turn)
    {
        if (turn.IsCompleted || await Task.WhenAny(turn, roundEnd.Task) == turn)
            await turn;
        else
            _ = turn.ContinueWith(_ => Wake(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
