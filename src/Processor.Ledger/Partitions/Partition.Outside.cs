using System.Globalization;
using Processor.Cards;

namespace Processor.Ledger;

/// <content>What is slow and waits outside the lane: loading accounts, asking history. And letting go of accounts.</content>
internal sealed partial class Partition<TDecide>
{
    // Another host has a claim on the account for up to 20 ms, and gives it back when it has committed: then it is looked at again.
    private static readonly TimeSpan ClaimPause = TimeSpan.FromMilliseconds(2);

    // Between two tries at something that must not be given up.
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock probing = new();
    private Task? probe;
    private int outside;
    private int blockedCount;

    /// <summary>Called when something outside has ended, so that the lane gives a turn.</summary>
    internal Action Wake { get; set; } = () => { };

    internal LoadedAccounts Loaded { get; } = new();

    private void Block(LedgerOperation operation)
    {
        blocked[operation.AccountId] = [operation];
        Volatile.Write(ref blockedCount, blockedCount + 1);
        toLoad.Add(operation.AccountId);
    }

    private void BlockBehind(LedgerOperation operation, List<LedgerOperation> waiting)
    {
        waiting.Add(operation);
        Volatile.Write(ref blockedCount, blockedCount + 1);
    }

    /// <summary>Starts loads after the batch is committed, so that what is loaded is not older than it.</summary>
    private void StartOutside()
    {
        foreach (var id in toLoad)
        {
            // One load serves all that came before it: otherwise each of them that tells what is there would have one of its own.
            if (blocked.TryGetValue(id, out var waiting))
            {
                foreach (var operation in waiting)
                    operation.HasFreshAccount = true;
            }

            Interlocked.Increment(ref outside);
            _ = LoadAsync(id, pauses.Remove(id, out var pause) ? pause : TimeSpan.Zero);
        }

        foreach (var operation in toAskHistory)
        {
            Interlocked.Increment(ref outside);
            _ = AskHistoryAsync(operation);
        }

        toLoad.Clear();
        toAskHistory.Clear();
    }

    private void TakeLoaded()
    {
        foreach (var (id, account, at) in Loaded.Take())
        {
            // What was read in another epoch is read again.
            if (at != Epoch)
            {
                if (blocked.ContainsKey(id))
                    toLoad.Add(id);
                continue;
            }

            if (account is not null)
                near.Put(account);
            if (!blocked.Remove(id, out var waiting))
                continue;
            Volatile.Write(ref blockedCount, blockedCount - waiting.Count);
            if (account is not null)
            {
                taken.AddRange(waiting);
                continue;
            }

            foreach (var operation in waiting)
            {
                if (!TryKeep(operation))
                    operation.CompleteUndone(flushes);
            }
        }
    }

    private async Task LoadAsync(Ulid id, TimeSpan pause)
    {
        var account = new AccountAggregate(id, Number);
        account.UseIds(ids);
        var at = Epoch;
        try
        {
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, context.Clock, context.Stopping);
            context.Metrics.Loads.Add(1);

            // A Redis that lost the account has lost the epoch as well.
            var (found, fields) = await ReadAsync(account.RedisKey);
            var isRead = found == at.ToString(CultureInfo.InvariantCulture);
            if (!isRead)
                Ask();
            foreach (var field in fields)
                isRead &= account.TryLoad(field.Name, field.Value);
            isRead &= !account.Exists || account.HasEveryHeadField;
            account.HasEveryHold = true;

            if (!isRead)
            {
                LedgerLog.LoadFailed(context.Log, id, "A field is missing or not of this layout, or the epoch is another.");
                account = null;
            }
        }
#pragma warning disable CA1031 // Whatever Redis does, those that wait for the account must be answered.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            if (!context.Stopping.IsCancellationRequested)
                LedgerLog.LoadFailed(context.Log, id, problem.Message);
            account = null;
        }

        Loaded.Add(id, account, at);
        Interlocked.Decrement(ref outside);
        Wake();
    }

    /// <summary>Reads an account from the run of Redis that was admitted, for as long as a batch is tried. A run that has started since may have been put back
    /// to an older file: it is asked for nothing that a network is told before it was looked at.</summary>
    private async Task<(string Epoch, RedisField[] Fields)> ReadAsync(RespArgument key)
    {
        for (var started = context.Clock.GetTimestamp(); ; await WhenItAnswersAsync())
        {
            try
            {
                if (await TryReadAsync(key) is { } read)
                    return read;
            }
            catch (LedgerUnavailableException) when (MayTryAgain(started))
            {
                context.Redis.Doubt();
            }

            if (!MayTryAgain(started))
                throw new LedgerUnavailableException(IsStopped ? "The partition is stopped." : NotAdmitted);
        }
    }

    /// <returns>Null while no run is admitted.</returns>
    private async Task<(string Epoch, RedisField[] Fields)?> TryReadAsync(RespArgument key)
    {
        if (admission is not { } run)
            return null;
        var read = await context.Redis.ReadAccountAsync(run.Script, meta, key);
        if (read is null && ReferenceEquals(run, admission))
            Withdraw();
        return read;
    }

    private bool MayTryAgain(long started) => !IsStopped && context.Clock.GetElapsedTime(started) <= context.Settings.RefusalMax;

    /// <summary>One tries, however many wait.</summary>
    private Task WhenItAnswersAsync()
    {
        lock (probing)
            return probe is { IsCompleted: false } running ? running : probe = ProbeAsync();
    }

    private async Task ProbeAsync()
    {
        var started = context.Clock.GetTimestamp();
        for (var pause = PauseMin; MayTryAgain(started); pause = Math.Min(pause * 2, PauseMax))
        {
            if (!IsAdmitted)
                Ask();
            await Task.Delay(TimeSpan.FromMilliseconds(pause), context.Clock, context.Stopping);
            try
            {
                if (await TryReadAsync(meta) is not null)
                    return;
            }
            catch (LedgerUnavailableException)
            {
                context.Redis.Doubt();
            }
        }
    }

    private async Task AskHistoryAsync(LedgerOperation operation)
    {
        try
        {
            operation.History = await FindHistoryAsync(operation);
            if (!inbox.TryPutBack([operation]))
                CompleteAside(operation);
        }
#pragma warning disable CA1031 // Whatever Postgres does, the operation must be answered.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            if (!context.Stopping.IsCancellationRequested)
                LedgerLog.HistoryFailed(context.Log, problem, operation.AccountId);
            CompleteAside(operation);
        }
        finally
        {
            Interlocked.Decrement(ref outside);
            Wake();
        }
    }

    private async Task<IReadOnlyList<KeyValuePair<UInt128, byte[]>>> FindHistoryAsync(LedgerOperation operation)
    {
        while (true)
        {
            try
            {
                context.Metrics.Histories.Add(1);
                return await context.History.FindAsync(operation.AccountId, operation.Key, operation.Original, operation.OriginalTransaction, context.Stopping);
            }
            catch (Exception problem) when (operation.MayHaveChanged && !context.Stopping.IsCancellationRequested)
            {
                LedgerLog.HistoryFailed(context.Log, problem, operation.AccountId);
                await Task.Delay(RetryPause, context.Clock, context.Stopping);
            }
        }
    }

    private static void CompleteAside(LedgerOperation operation)
    {
        var own = new FlushList();
        operation.CompleteUndone(own);
        own.FlushAll();
    }

    /// <summary>Answers everything that still waits, and takes nothing any more: the host stops.</summary>
    internal void CompleteWaiting()
    {
        inbox.Close();
        taken.AddRange(undecided);
        undecided.Clear();
        inbox.Take(taken, int.MaxValue);
        foreach (var waiting in blocked.Values)
            taken.AddRange(waiting);
        blocked.Clear();
        Volatile.Write(ref blockedCount, 0);
        foreach (var operation in taken)
            operation.CompleteUndone(flushes);
        taken.Clear();
        flushes.FlushAll();
    }
}
