using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>The ledger of a host: it joins as a writer, runs the lanes, and offers the journal and the card directory.</summary>
/// <typeparam name="TDecide">Decides operations; called directly by the lanes.</typeparam>
public sealed class Ledger<TDecide> : ILedger, IAsyncDisposable
    where TDecide : struct, IDecide
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource stopping;
    private readonly PartitionContext context;
    private readonly Partition<TDecide>[] partitions;
    private readonly Lane<TDecide>[] lanes;
    private readonly LedgerKeeper<TDecide> keeper;
    private readonly ILedgerRecovery? recovery;
    private readonly List<Task> running = [];
    private bool isDraining;
    private bool isDisposed;

    private Ledger(
        LedgerSettings settings, RedisLink redis, LedgerMembership membership, IHistory history, ILedgerRecovery? recovery, TDecide decide, TimeProvider clock, ILogger log)
    {
        this.recovery = recovery;
        stopping = new CancellationTokenSource();
        Metrics = new LedgerMetrics(Gauges, () => Measure(partition => partition.Epoch), () => Measure(partition => partition.JournalBytes));
        context = new PartitionContext(settings with { Partitions = membership.Partitions.Count }, redis, history, Metrics, clock, log, membership.Writer, recovery is not null, stopping.Token);
        partitions = [.. membership.Partitions.Select((registration, number) => new Partition<TDecide>(number, context, decide, registration.Epoch))];
        var count = Math.Clamp(settings.Lanes, 1, partitions.Length);
        lanes = [.. Enumerable.Range(0, count).Select(lane => new Lane<TDecide>(lane, [.. partitions.Where(partition => partition.Number % count == lane)], context))];
        Journal = new RedisJournal(redis, [.. partitions.Select(partition => partition.Retained)]);
        Cards = new RedisCardDirectory(redis);
        keeper = new LedgerKeeper<TDecide>(partitions, context, recovery, Cards);
        foreach (var partition in partitions)
            partition.Ask = keeper.Ask;
    }

    /// <summary>The partitions' streams.</summary>
    public IJournal Journal { get; }

    /// <summary>From PAN to account.</summary>
    public ICardDirectory Cards { get; }

    /// <summary>True when Redis is connected and no partition is stopped.</summary>
    public bool IsReady => context.Redis.IsConnected && !isDraining && !partitions.Any(partition => partition.IsStopped);

    /// <summary>Ends when this host can no longer serve some of its partitions, by a mistake of our own, and must be started again.</summary>
    public Task Failed => context.Failure.Task;

    internal LedgerMetrics Metrics { get; }

    /// <summary>Connects, joins, and starts the lanes.</summary>
    /// <exception cref="LedgerUnavailableException">Redis did not answer within <see cref="LedgerSettings.StartTimeout"/>.</exception>
    /// <exception cref="InvalidOperationException">The settings ask of this Redis what it cannot do.</exception>
    /// <param name="settings">How it runs.</param>
    /// <param name="registry">Where hosts join.</param>
    /// <param name="history">What Redis has let go.</param>
    /// <param name="recovery">What hosts agree on when Redis loses state; without it a partition that lost its state stays stopped.</param>
    /// <param name="decide">Decides.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logs">Takes what operators must know.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<Ledger<TDecide>> OpenAsync(
        LedgerSettings settings, ILedgerRegistry registry, IHistory history, ILedgerRecovery? recovery, TDecide decide, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellation)
    {
        var log = logs.CreateLogger("Processor.Ledger");
        var redis = await RedisLink.ConnectAsync(settings.Redis, clock, settings.ReplicasMin, log);
        try
        {
            await WaitForRedisAsync(redis, settings, clock, log, cancellation);
            return await JoinAsync(settings, redis, registry, history, recovery, decide, clock, log, cancellation);
        }
        catch
        {
            redis.Dispose();
            throw;
        }
    }

    private static async Task<Ledger<TDecide>> JoinAsync(
        LedgerSettings settings, RedisLink redis, ILedgerRegistry registry, IHistory history, ILedgerRecovery? recovery, TDecide decide, TimeProvider clock, ILogger log, CancellationToken cancellation)
    {
        var membership = await registry.JoinAsync(settings.Partitions, cancellation);
        var ledger = new Ledger<TDecide>(settings, redis, membership, history, recovery, decide, clock, log);
        LedgerLog.Joined(log, membership.Writer, ledger.partitions.Length, ledger.lanes.Length);
        foreach (var partition in ledger.partitions)
            await StartAsync(partition, membership.Partitions[partition.Number], redis, registry, cancellation);
        await ledger.keeper.RoundAsync();
        foreach (var lane in ledger.lanes)
            ledger.running.Add(Task.Run(lane.RunAsync, CancellationToken.None));
        ledger.running.Add(Task.Run(ledger.keeper.RunAsync, CancellationToken.None));
        return ledger;
    }

    /// <summary>How each partition stands, a line each: for whoever looks for why something waits.</summary>
    public string Describe() => string.Join(Environment.NewLine, partitions.Select(partition => partition.Describe()));

    private LedgerGauges Gauges() => new(
        partitions.Length,
        partitions.Count(partition => partition.IsStopped),
        lanes.Length,
        partitions.Sum(partition => (long)partition.Waiting),
        partitions.Sum(partition => (long)partition.NearAccounts),
        partitions.Sum(partition => partition.NearBytes),
        partitions.Sum(partition => partition.Retained.Bytes));

    private IEnumerable<Measurement<long>> Measure(Func<Partition<TDecide>, long> figure) =>
        partitions.Select(partition => new Measurement<long>(figure(partition), new KeyValuePair<string, object?>("partition", partition.Number)));

    /// <inheritdoc/>
    public void Submit(LedgerOperation operation)
    {
        var partition = partitions[RedisNames.PartitionOf(operation.AccountId, partitions.Length)];

        // The undoing of what committed too late may come from what is being drained.
        if ((!isDraining || operation.GoesFirst) && partition.TryAdd(operation))
        {
            lanes[partition.Number % lanes.Length].Wake();
            return;
        }

        var flushes = new FlushList();
        operation.Complete(CommitOutcome.Unavailable, flushes);
        flushes.FlushAll();
    }

    /// <summary>Takes nothing more and waits until what was taken is answered, at most until the token ends the wait.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        isDraining = true;
        while (partitions.Any(partition => !partition.IsIdle || partition.Undecided > 0) && !cancellation.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), context.Clock, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        isDraining = true;
        await stopping.CancelAsync();
        await Task.WhenAll(running);
        await LeaveAsync();
        Metrics.Dispose();
        context.Redis.Dispose();
        stopping.Dispose();
    }

    // A host that leaves with entries that are not recorded yet counts as one that died, until they are; with a call of unknown outcome, until
    // others have struck it out.
    private async Task LeaveAsync()
    {
        if (recovery is null || partitions.Any(partition => partition.IsLeftUnknown))
            return;
        try
        {
            var unrecorded = partitions.Select(partition => partition.Retained.Bytes > 0 ? partition.LastEntry : JournalId.Zero);
            await recovery.LeaveAsync(context.Writer, [.. unrecorded], CancellationToken.None);
        }
#pragma warning disable CA1031 // Postgres may be gone before this host: it is then taken for one that died.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            LedgerLog.NotKept(context.Log, problem.Message);
        }
    }

    private static void Tell(ILogger log, RedisPromise promise)
    {
        if (promise.Fsync != RedisPromise.Always)
            LedgerLog.WeakPromise(log, promise.Fsync);
        if (promise.IsEvicting)
            LedgerLog.Evicting(log);
    }

    private static async Task WaitForRedisAsync(RedisLink redis, LedgerSettings settings, TimeProvider clock, ILogger log, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                var promise = await redis.ReadPromiseAsync();
                if (promise.IsCluster && settings.ReplicasMin > 0)
                    throw new InvalidOperationException($"{nameof(LedgerSettings.ReplicasMin)} is {settings.ReplicasMin}, and Redis is a Cluster: its replicas cannot be waited for.");
                if (!redis.IsConnected)
                    throw new LedgerUnavailableException("Not every Redis that serves a slot is connected.");
                Tell(log, promise);
                return;
            }
            catch (LedgerUnavailableException) when (clock.GetElapsedTime(started) < settings.StartTimeout)
            {
                await Task.Delay(RetryPause, clock, cancellation);
            }
        }
    }

    /// <summary>Gives a new partition its epoch in Redis. One that was started once and has none now has lost its state: the keeper finds that.</summary>
    private static async Task StartAsync(Partition<TDecide> partition, PartitionRegistration registration, RedisLink redis, ILedgerRegistry registry, CancellationToken cancellation)
    {
        var meta = RedisNames.Meta(partition.Number);
        if (registration.IsStarted)
            return;
        await redis.SetFieldAsync(meta, "epoch", registration.Epoch.ToString(CultureInfo.InvariantCulture), onlyNew: true);
        await registry.MarkStartedAsync(partition.Number, cancellation);
    }
}
