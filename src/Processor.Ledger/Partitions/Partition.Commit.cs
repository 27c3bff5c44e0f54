using System.Globalization;
using StackExchange.Redis;

namespace Processor.Ledger;

/// <content>The script call: sent until its outcome is known.</content>
internal sealed partial class Partition<TDecide>
{
    // First and longest wait before a call is sent again, milliseconds.
    private const int PauseMin = 10;
    private const int PauseMax = 250;

    private static readonly string[] NothingRan =
        ["LOADING", "MOVED", "ASK", "TRYAGAIN", "NOSCRIPT", "OOM", "CLUSTERDOWN", "MASTERDOWN", "READONLY", "MISCONF", "BUSY", "NOREPLICAS"];

    private async Task CommitAsync(long now)
    {
        var keys = headBuffers.Keys(touched.Count + 2);
        keys[0] = meta;
        keys[1] = journal;
        heads.Clear();
        sections.Clear();
        var length = heads.Reserve(4);
        for (var index = 0; index < touched.Count; index++)
        {
            var account = touched[index];
            account.Prune((long)context.Settings.RepeatWindow.TotalMilliseconds, ProjectedThrough);
            keys[index + 2] = account.RedisKey;
            JournalWriter.WriteAccount(ref heads, ref sections, account, ids.NextVersion(), WantsEveryField(account));
        }

        heads.Patch(length, (uint)sections.Length);
        RedisValue[] values =
            [epoch, writer, batchNumber = context.NextBatch(), Known, HasRoom ? context.Settings.JournalEntriesMax : 0, sectionBuffers.Copy(sections.Written), headBuffers.Copy(heads.Written)];
        isSentAgain = false;
        var started = context.Clock.GetTimestamp();
        var reply = await CallAsync(keys, values, started);
        context.Metrics.CallSeconds.Record(context.Clock.GetElapsedTime(started).TotalSeconds);
        context.Metrics.Batches.Record(batch.Count);
        if (isSentAgain)
        {
            headBuffers.Forget();
            sectionBuffers.Forget();
        }

        if (reply.HasRun)
        {
            Known = batchNumber;
            Retain(in reply);
        }

        Apply(in reply);
        touched.Clear();
        batch.Clear();
    }

    private bool WantsEveryField(AccountAggregate account)
    {
        foreach (var operation in batch)
        {
            if (operation.NeedsEveryHold && ReferenceEquals(operation.Account, account))
                return true;
        }

        return false;
    }

    private async ValueTask<CommitReply> CallAsync(RedisKey[] keys, RedisValue[] values, long started)
    {
        // Once a call was lost it may have run: then only an answer or the end of the epoch ends this, however long it takes.
        mayHaveRun = false;
        for (var pause = PauseMin; ; pause = Math.Min(pause * 2, PauseMax))
        {
            string reason;
            try
            {
                if (script is { } known)
                    return CommitReply.Read(await context.Redis.CommitAsync(known, keys, values).WaitAsync(context.Settings.CallTimeout, context.Clock, context.Stopping), writer, batchNumber);
                reason = "Redis has started since this host last looked at what it has.";
            }
            catch (OperationCanceledException) when (context.Stopping.IsCancellationRequested)
            {
                return CommitReply.Refused("The host stops.");
            }
            catch (RedisServerException problem)
            {
                reason = problem.Message;
                if (reason.StartsWith("NOSCRIPT", StringComparison.Ordinal))
                    script = null;
                if (!IsRefusal(reason) && !mayHaveRun)
                {
                    LedgerLog.GivenUp(context.Log, Number, batchNumber, reason);
                    return CommitReply.Refused(reason);
                }
            }
#pragma warning disable CA1031 // The client throws what it likes when a line breaks, a cancellation too: whatever it is, the call may have run.
            catch (Exception problem)
#pragma warning restore CA1031
            {
                mayHaveRun = true;
                isSentAgain = true;
                reason = problem is NotReplicatedException ? problem.Message : problem.GetType().Name;
            }

            if (!mayHaveRun && context.Clock.GetElapsedTime(started) > context.Settings.RefusalMax)
            {
                LedgerLog.GivenUp(context.Log, Number, batchNumber, reason);
                return CommitReply.Refused(reason);
            }

            if (IsEnded || (IsStopped && !mayHaveRun))
                return CommitReply.Refused("The partition is stopped.");
            if (script is null)
                Ask();
            if (pause == PauseMin)
                LedgerLog.SentAgain(context.Log, Number, batchNumber, reason);
            isSentAgain = true;
            context.Metrics.Resends.Add(1);
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(pause), context.Clock, context.Stopping);
            }
            catch (OperationCanceledException)
            {
                return CommitReply.Refused("The host stops.");
            }
        }
    }

    private static bool IsRefusal(string message)
    {
        foreach (var word in NothingRan)
        {
            if (message.StartsWith(word, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private void Apply(in CommitReply reply)
    {
        switch (reply.Kind)
        {
            case CommitReplyKind.Committed:
                break;
            case CommitReplyKind.Conflict:
                for (var index = 2; index + 1 < reply.Parts!.Length; index += 2)
                    TakeBack(int.Parse((string)reply.Parts[index]!, CultureInfo.InvariantCulture), (RedisValue[])reply.Parts[index + 1]!);
                break;
            case CommitReplyKind.ConflictTold:
                foreach (var number in reply.Detail.Split(','))
                    TakeBack(int.Parse(number, CultureInfo.InvariantCulture), fields: null);
                break;
            default:
                CompleteUnavailable(in reply);
                return;
        }

        foreach (var account in touched)
        {
            account.IsTouched = false;
            account.ClearChanges();
            near.Recount(account);
        }

        var committed = 0;
        foreach (var operation in batch)
        {
            if (!near.TryGet(operation.AccountId, out var account) || !ReferenceEquals(account, operation.Account))
            {
                redo.Add(operation);
                continue;
            }

            committed++;
            operation.Account = null;
            TellCommitted(operation);
        }

        context.Metrics.Operations.Add(committed);
    }

    /// <summary>Another host was first: what it left replaces what was decided here, and the operations are decided again.</summary>
    private void TakeBack(int index, RedisValue[]? fields)
    {
        context.Metrics.Conflicts.Add(1);
        var id = touched[index].Id;
        near.Remove(id);
        if (fields is null)
            return;
        if (fields is [var word] && word == "claimed")
        {
            context.Metrics.Claims.Add(1);
            pauses[id] = ClaimPause;
            return;
        }

        var account = new AccountAggregate(id, Number);
        account.UseIds(ids);
        for (var item = 0; item + 1 < fields.Length; item += 2)
        {
            if (!account.TryLoad((byte[])fields[item]!, (byte[])fields[item + 1]!))
                return;
        }

        account.HasEveryHold = fields[^1] == "all";
        if (account.Exists && account.HasEveryHeadField)
            near.Put(account);
    }

    private void CompleteUnavailable(in CommitReply reply)
    {
        if (reply.Kind is CommitReplyKind.OtherEpoch or CommitReplyKind.Overtaken or CommitReplyKind.Rewound)
            Doubt(reply.Kind + " " + reply.Detail);
        else if (reply.Kind == CommitReplyKind.JournalFull)
            LedgerLog.JournalFull(context.Log, Number);
        foreach (var account in touched)
        {
            account.IsTouched = false;
            near.Remove(account.Id);
        }

        // A call that was lost may have run in the epoch that is over: in the next one its operations find out by deciding again.
        var isLost = mayHaveRun && IsStopped && reply.Kind != CommitReplyKind.JournalFull;
        foreach (var operation in batch)
        {
            operation.Account = null;
            operation.MayHaveChanged |= isLost && operation.Result == DecideResult.Changed;
            if (!TryKeep(operation))
                operation.Complete(CommitOutcome.Unavailable, flushes);
        }
    }

    /// <summary>Keeps what must not be told to be unavailable, for it may be done: until the next epoch, or until it can be tried again.</summary>
    private bool TryKeep(LedgerOperation operation)
    {
        if (!operation.MayHaveChanged || context.Stopping.IsCancellationRequested)
            return false;
        operation.HasFreshAccount = false;
        if (IsStopped)
        {
            undecided.Add(operation);
            return true;
        }

        if (blocked.TryGetValue(operation.AccountId, out var waiting))
        {
            waiting.Add(operation);
            return true;
        }

        Block(operation);
        pauses[operation.AccountId] = RetryPause;
        return true;
    }

    /// <summary>Completes what is committed. What an operation finds done by a call of its own that was lost, it has changed itself.</summary>
    private void TellCommitted(LedgerOperation operation)
    {
        if (operation.MayHaveChanged && operation.Result == DecideResult.Unchanged)
            operation.Result = DecideResult.Changed;
        operation.Complete(CommitOutcome.Committed, flushes);
    }
}
