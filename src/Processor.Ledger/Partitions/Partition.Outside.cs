using Processor.Cards;
using StackExchange.Redis;

namespace Processor.Ledger;

/// <content>What is slow and waits outside the lane: loading accounts, asking history. And letting go of accounts.</content>
internal sealed partial class Partition<TDecide>
{
    // Another host has a claim on the account for up to 20 ms, and gives it back when it has committed: then it is looked at again.
    private static readonly TimeSpan ClaimPause = TimeSpan.FromMilliseconds(2);

    private int outside;

    /// <summary>Called when something outside has ended, so that the lane gives a turn.</summary>
    internal Action Wake { get; set; } = () => { };

    internal LoadedAccounts Loaded { get; } = new();

    private void Block(LedgerOperation operation)
    {
        blocked[operation.AccountId] = [operation];
        toLoad.Add(operation.AccountId);
    }

    /// <summary>Starts loads after the batch is committed, so that what is loaded is not older than it.</summary>
    private void StartOutside()
    {
        foreach (var id in toLoad)
        {
            Interlocked.Increment(ref outside);
            _ = LoadAsync(id, claimed.Remove(id) ? ClaimPause : TimeSpan.Zero);
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
        foreach (var (id, account) in Loaded.Take())
        {
            if (account is not null)
                near.Put(account);
            if (!blocked.Remove(id, out var waiting))
                continue;
            if (account is not null)
            {
                taken.AddRange(waiting);
                continue;
            }

            foreach (var operation in waiting)
                operation.Complete(CommitOutcome.Unavailable, flushes);
        }
    }

    private async Task LoadAsync(Ulid id, TimeSpan pause)
    {
        var account = new AccountAggregate(id, Number);
        account.UseIds(ids);
        try
        {
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, context.Clock, context.Stopping);
            context.Metrics.Loads.Add(1);
            var isRead = true;
            foreach (var field in await context.Redis.ReadHashAsync(account.RedisKey))
                isRead &= account.TryLoad((byte[])field.Name!, (byte[])field.Value!);
            account.HasEveryHold = true;

            // A Redis without the account may be one without anything.
            if (!account.Exists && await context.Redis.ReadFieldAsync(meta, LedgerKeeper<TDecide>.EpochField) != epoch)
            {
                Ask();
                isRead = false;
            }

            if (!isRead)
            {
                LedgerLog.LoadFailed(context.Log, id, "A field is not of this layout, or the epoch is another.");
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

        Loaded.Add(id, account);
        Interlocked.Decrement(ref outside);
        Wake();
    }

    private async Task AskHistoryAsync(LedgerOperation operation)
    {
        try
        {
            context.Metrics.Histories.Add(1);
            operation.History = await context.History.FindAsync(operation.AccountId, operation.Key, operation.Original, context.Stopping);
            inbox.PutBack([operation]);
        }
#pragma warning disable CA1031 // Whatever Postgres does, the operation must be answered.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            LedgerLog.HistoryFailed(context.Log, problem, operation.AccountId);
            var own = new FlushList();
            operation.Complete(CommitOutcome.Unavailable, own);
            own.FlushAll();
        }

        Interlocked.Decrement(ref outside);
        Wake();
    }

    /// <summary>Answers everything that still waits: the host stops.</summary>
    internal void CompleteWaiting()
    {
        TakeLoaded();
        inbox.Take(taken, int.MaxValue);
        foreach (var waiting in blocked.Values)
            taken.AddRange(waiting);
        blocked.Clear();
        foreach (var operation in taken)
            operation.Complete(CommitOutcome.Unavailable, flushes);
        taken.Clear();
        flushes.FlushAll();
    }
}
