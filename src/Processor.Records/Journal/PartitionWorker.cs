using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Works through all partitions that no other host works on, round after round, and waits when there is nothing to do.</summary>
public abstract class PartitionWorker : BackgroundService
{
    private readonly RecordsSettings settings;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly PartitionLocks locks;
    private readonly SemaphoreSlim side;
    private readonly SortedSet<int> known = [];
    private string? trouble;

    private protected PartitionWorker(string role, int lockSpace, int parallelism, RecordsDatabase database, RecordsSettings settings, TimeProvider clock, ILogger log)
    {
        Role = role;
        this.settings = settings;
        this.clock = clock;
        this.log = log;
        locks = new PartitionLocks(database, lockSpace, settings.LockInterval, clock);
        side = new SemaphoreSlim(parallelism);
    }

    /// <summary>Its name in the log.</summary>
    protected string Role { get; }

    private protected abstract int Partitions { get; }

    /// <summary>How long to rest after a round.</summary>
    private protected abstract TimeSpan RestAfter(TimeSpan worked, bool hasMore);

    private protected static TimeSpan Between(TimeSpan least, TimeSpan wanted, TimeSpan most) =>
        TimeSpan.FromTicks(Math.Clamp(wanted.Ticks, least.Ticks, Math.Max(least.Ticks, most.Ticks)));

    /// <summary>One round over the partitions of this host.</summary>
    /// <returns>True when there is more to do at once.</returns>
    /// <exception cref="Exception">Redis or Postgres did not answer. What was done is kept; the next round goes on from there.</exception>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await TakeAsync(cancellation);

        if (known.Count == 0)
            return false;
        await BeginRoundAsync(cancellation);
        var rounds = await Task.WhenAll(known.Select(partition => StepBesideAsync(partition, cancellation)));
        return rounds.Contains(true);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        side.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Works on one partition, whether this host holds its lock or not.</summary>
    /// <returns>True when there is more to do at once.</returns>
    internal abstract Task<bool> StepAsync(int partition, CancellationToken cancellation);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var rest = await RoundAsync(stoppingToken);
                if (rest > TimeSpan.Zero)
                    await Task.Delay(rest, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            RecordsLog.Ended(log, Role);
        }
        finally
        {
            await locks.DisposeAsync();
            GiveUp(known);
            known.Clear();
        }
    }

    internal virtual Task BeginRoundAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Another host may have a partition now: what was remembered of it is not good any more.</summary>
    private protected abstract void Forget(int partition);

    /// <summary>Another host has a partition now, or this one stops: how far it is behind is no longer told here.</summary>
    private protected abstract void Leave(int partition);

    private async Task TakeAsync(CancellationToken cancellation)
    {
        int taken;
        try
        {
            taken = await locks.TakeAsync(Partitions, cancellation);
        }
        catch
        {
            // While Postgres is away nobody has them, and that they fall behind must be seen.
            foreach (var partition in known)
                Forget(partition);
            throw;
        }

        GiveUp(known.Except(locks.Held));
        known.Clear();
        known.UnionWith(locks.Held);
        if (taken > 0)
            RecordsLog.Took(log, Role, taken);
    }

    private void GiveUp(IEnumerable<int> partitions)
    {
        foreach (var partition in partitions)
        {
            Forget(partition);
            Leave(partition);
        }
    }

    private async Task<bool> StepBesideAsync(int partition, CancellationToken cancellation)
    {
        await side.WaitAsync(cancellation);
        try
        {
            return await StepAsync(partition, cancellation);
        }
        catch
        {
            // Whether a commit happened is not known: read the position again.
            Forget(partition);
            throw;
        }
        finally
        {
            side.Release();
        }
    }

    private async Task<TimeSpan> RoundAsync(CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        try
        {
            var hasMore = await StepAsync(cancellation);
            if (trouble is not null)
                RecordsLog.Resumed(log, Role);
            trouble = null;
            return RestAfter(clock.GetElapsedTime(started), hasMore);
        }
        catch (Exception problem) when (problem is NpgsqlException or LedgerUnavailableException or TimeoutException or IOException)
        {
            if (trouble != problem.Message)
                RecordsLog.Waiting(log, problem, Role);
            trouble = problem.Message;
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            if (trouble != problem.Message)
                RecordsLog.Failed(log, problem, Role);
            trouble = problem.Message;
        }

        return settings.RetryInterval;
    }
}
