using System.Threading.Channels;

namespace Processor.Ledger;

/// <summary>Gives turns to its partitions, one script call each at a time; what arrives meanwhile waits for the next turn and makes
/// its batch larger.</summary>
internal sealed class Lane<TDecide>
    where TDecide : struct, IDecide
{
    private readonly Channel<bool> wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Partition<TDecide>[] partitions;
    private readonly List<Task> turns = [];
    private readonly PartitionContext context;
    private readonly int number;

    internal Lane(int number, Partition<TDecide>[] partitions, PartitionContext context)
    {
        this.number = number;
        this.partitions = partitions;
        this.context = context;
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

        foreach (var partition in partitions)
            partition.CompleteWaiting();
    }

    private async Task TakeTurnsAsync()
    {
        while (true)
        {
            foreach (var partition in partitions)
            {
                if (partition.HasWork)
                    turns.Add(partition.TakeTurnAsync());
            }

            if (turns.Count == 0)
                return;
            foreach (var turn in turns)
                await turn;
            turns.Clear();
        }
    }
}
