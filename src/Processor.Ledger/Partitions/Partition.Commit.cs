using System.Globalization;

namespace Processor.Ledger;

/// <content>The script call: sent until its outcome is known.</content>
internal sealed partial class Partition<TDecide>
{
    // First and longest wait before a call is sent again, milliseconds.
    private const int PauseMin = 10;
    private const int PauseMax = 250;

    private const string NotAdmitted = "Redis has started since this host last looked at what it has, or this host was struck out.";

    private static readonly string[] NothingRan =
        ["LOADING", "MOVED", "ASK", "TRYAGAIN", "NOSCRIPT", "OOM", "CLUSTERDOWN", "MASTERDOWN", "READONLY", "MISCONF", "BUSY", "NOREPLICAS", "STRUCK"];

    private async Task CommitAsync(long now)
    {
        call.Begin(touched.Count);
        foreach (var account in touched)
        {
            account.Prune((long)context.Settings.RepeatWindow.TotalMilliseconds, ProjectedThrough);
            call.Add(account, ids.NextVersion(), WantsEveryField(account));
        }

        batchNumber = context.NextBatch();
        call.End(Epoch, batchNumber, Known, HasRoom ? context.Settings.JournalEntriesMax : 0);
        var started = context.Clock.GetTimestamp();
        var reply = await CallAsync(started);
        context.Metrics.CallSeconds.Record(context.Clock.GetElapsedTime(started).TotalSeconds);
        context.Metrics.Batches.Record(batch.Count);
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

    private async ValueTask<CommitReply> CallAsync(long started)
    {
        // Once a call was lost it may have run: then only an answer or the end of the epoch ends this, however long it takes.
        mayHaveRun = false;
        RedisEndpoint? asked = null;
        var isRedirected = false;
        for (var pause = PauseMin; ; pause = Math.Min(pause * 2, PauseMax))
        {
            string reason;
            var (target, wasRedirected) = (asked, isRedirected);
            (asked, isRedirected) = (null, false);
            try
            {
                if (admission is { } run)
                {
                    call.Use(run.Script);
                    return CommitReply.Read(await context.Redis.CommitAsync(call, target).WaitAsync(context.Settings.CallTimeout, context.Clock, context.Stopping), writer, batchNumber);
                }

                reason = NotAdmitted;
            }
            catch (OperationCanceledException) when (context.Stopping.IsCancellationRequested)
            {
                mayHaveRun = true;
                return CommitReply.Refused("The host stops.");
            }
            catch (RedisErrorException problem)
            {
                context.Redis.Learn(call, problem);
                isRedirected = !wasRedirected && (problem.Moved ?? problem.Asked) is not null;
                asked = isRedirected ? problem.Asked : null;
                reason = problem.Message;
                if (reason.StartsWith("NOSCRIPT", StringComparison.Ordinal) || reason.StartsWith("STRUCK", StringComparison.Ordinal))
                    Withdraw();
                if (!IsRefusal(reason) && !mayHaveRun)
                {
                    LedgerLog.GivenUp(context.Log, Number, batchNumber, reason);
                    return CommitReply.Refused(reason);
                }
            }
#pragma warning disable CA1031 // The line broke, the time passed, or the answer made no sense: whatever it is, the call may have run.
            catch (Exception problem)
#pragma warning restore CA1031
            {
                mayHaveRun = true;
                if (problem is not (RedisConnectionException or TimeoutException))
                    context.Redis.GiveUp(call, target, problem);
                context.Redis.Doubt();
                reason = problem is NotReplicatedException ? problem.Message : problem.GetType().Name;
            }

            if (!mayHaveRun && context.Clock.GetElapsedTime(started) > context.Settings.RefusalMax)
            {
                LedgerLog.GivenUp(context.Log, Number, batchNumber, reason);
                return CommitReply.Refused(reason);
            }

            if (IsEnded || (IsStopped && !mayHaveRun))
                return CommitReply.Refused("The partition is stopped.");
            if (isRedirected)
                continue;
            if (!IsAdmitted)
                Ask();
            if (pause == PauseMin)
                LedgerLog.SentAgain(context.Log, Number, batchNumber, reason);
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
                    TakeBack(int.Parse((string)reply.Parts[index]!, CultureInfo.InvariantCulture), (RespReply[])reply.Parts[index + 1]!);
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
    private void TakeBack(int index, RespReply[]? fields)
    {
        context.Metrics.Conflicts.Add(1);
        var id = touched[index].Id;
        near.Remove(id);
        if (fields is null)
            return;
        if (fields is [var word] && word.Bytes.SequenceEqual("claimed"u8))
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

        account.HasEveryHold = fields[^1].Bytes.SequenceEqual("all"u8);
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

        // A call that was lost may have run in the epoch that is over: in the next one its operations find out by deciding again. Where the
        // host stops nobody finds out.
        IsLeftUnknown |= mayHaveRun && context.Stopping.IsCancellationRequested;
        var isLost = mayHaveRun && (IsStopped || IsLeftUnknown) && reply.Kind != CommitReplyKind.JournalFull;
        foreach (var operation in batch)
        {
            operation.Account = null;
            operation.MayHaveChanged |= isLost && operation.Result == DecideResult.Changed;
            if (!TryKeep(operation))
                operation.CompleteUndone(flushes);
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
            BlockBehind(operation, waiting);
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
