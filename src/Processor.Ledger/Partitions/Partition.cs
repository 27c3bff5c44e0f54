using System.Globalization;
using Microsoft.Extensions.Logging;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>
/// One partition on this host: what waits for it, the accounts it keeps near, and its batch. A lane gives it turns; in a turn it
/// decides what waits, commits it with one script call and completes it. Nothing else touches its accounts.
/// </summary>
internal sealed partial class Partition<TDecide>
    where TDecide : struct, IDecide
{
    private readonly NearCache near;
    private readonly Dictionary<Ulid, List<LedgerOperation>> blocked = [];
    private readonly List<AccountAggregate> touched = [];
    private readonly List<LedgerOperation> taken = [];
    private readonly List<LedgerOperation> batch = [];
    private readonly List<LedgerOperation> redo = [];
    private readonly List<LedgerOperation> undecided = [];
    private readonly List<Ulid> toLoad = [];
    private readonly List<LedgerOperation> toAskHistory = [];
    private readonly List<UInt128> adopted = [];
    private readonly Dictionary<Ulid, TimeSpan> pauses = [];
    private readonly FlushList flushes = new();
    private readonly PartitionContext context;
    private readonly Inbox inbox;
    private readonly IdSource ids;
    private readonly CommitCall call;
    private readonly string meta;
    private readonly string writer;
    private readonly TDecide decide;
    private long batchNumber;
    private long turn;
    private bool isInTurn;
    private bool mayHaveRun;

    internal Partition(int number, PartitionContext context, TDecide decide, long epoch)
    {
        Number = number;
        this.context = context;
        this.decide = decide;
        inbox = new Inbox(context.Settings.QueueMax);
        ids = new IdSource(context.Writer, number);
        near = new NearCache(context.Settings.NearCacheBytes / context.Settings.Partitions);
        meta = RedisNames.Meta(number);
        writer = Processor.Ledger.WriterField.Batch(context.Writer);
        call = new CommitCall(meta, RedisNames.Journal(number), writer);
        Epoch = epoch;
    }

    internal int Number { get; }

    /// <summary>This host's field in the partition's metadata: the number, entry and conflicts of its last batch.</summary>
    internal string WriterField => writer;

    internal long Epoch { get; private set; }

    internal int Waiting => inbox.Count;

    internal int NearAccounts => near.Count;

    internal long NearBytes => near.Bytes;

    /// <summary>True when the host stopped with a call under way that may have run.</summary>
    internal bool IsLeftUnknown { get; private set; }

    /// <summary>True from before an operation is taken from the inbox until it is completed or put elsewhere.</summary>
    internal bool IsInTurn => Volatile.Read(ref isInTurn);

    /// <summary>Operations that wait for the next epoch to learn what became of them.</summary>
    internal int Undecided => undecided.Count;

    internal bool HasWork => inbox.Count > 0 || Loaded.HasItems || HasNewEpoch;

    /// <summary>Loads and history look-ups under way outside the lane.</summary>
    internal int Outside => Volatile.Read(ref outside);

    /// <summary>Postgres answers history of what was committed before this moment, Unix milliseconds.</summary>
    internal long ProjectedThrough { get; set; }

    internal string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"partition {Number} epoch {Epoch}: stopped {IsStopped}, ended {IsEnded}, doubt '{DoubtReason}', admitted {IsAdmitted} to run '{Run}', room {HasRoom}, waiting {Waiting}, in turn {IsInTurn}, outside {Outside}, blocked {blocked.Count}, undecided {Undecided}, batch {batchNumber}, known {Known}, last entry {LastEntry}");

    /// <summary>Takes an operation, unless too many wait: for the lane, or for accounts that must be read first. What undoes a late answer is taken in any case.</summary>
    internal bool TryAdd(LedgerOperation operation) =>
        !IsStopped && (operation.GoesFirst || Volatile.Read(ref blockedCount) < context.Settings.QueueMax) && inbox.TryAdd(operation);

    /// <summary>One turn: decide what waits, commit, complete.</summary>
    internal async Task TakeTurnAsync()
    {
        turn++;
        Volatile.Write(ref isInTurn, true);
        BeginNewEpoch();
        TakeLoaded();
        inbox.Take(taken, context.Settings.BatchMax);
        var now = context.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var operation in taken)
            Decide(operation, now);
        taken.Clear();
        CompleteUnchanged();
        if (touched.Count > 0)
            await CommitAsync(now);
        if (redo.Count > 0)
        {
            inbox.TryPutBack(redo);
            redo.Clear();
        }

        StartOutside();
        near.Trim(turn);
        flushes.FlushAll();
        Volatile.Write(ref isInTurn, false);
    }

    private void Decide(LedgerOperation operation, long now)
    {
        if (blocked.TryGetValue(operation.AccountId, out var waiting))
        {
            BlockBehind(operation, waiting);
            return;
        }

        if (!near.TryGet(operation.AccountId, out var account) || (operation.NeedsFreshAccount && !operation.HasFreshAccount))
        {
            Block(operation);
            return;
        }

        // What Redis has is newer than what Postgres remembered, so all of it must be here first.
        if (operation.History is not null && !account.HasEveryHold)
        {
            operation.NeedsEveryHold = true;
            Block(operation);
            return;
        }

        Adopt(operation, account);
        account.UsedInTurn = turn;
        account.BeginAt(now);
        try
        {
            operation.Result = decide.Decide(operation, account);
        }
#pragma warning disable CA1031 // A decision that throws is our mistake: it fails alone, and the account is read again.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            LedgerLog.DecisionFailed(context.Log, problem, operation.AccountId);
            adopted.Clear();
            GiveUp(account);
            operation.Complete(CommitOutcome.Failed, flushes);
            return;
        }

        Forget(account);

        // Whatever was decided, a decision may have settled holds that were due; so the account goes into the batch.
        operation.Account = account;
        Touch(account);
        switch (operation.Result)
        {
            // Nothing is written that would be checked, so what is told must not come from what is near: another host may have moved on.
            // Nor from a part of the account, which may lack the very thing that this is a copy of.
            case DecideResult.Unchanged when account.Exists && !(operation.HasFreshAccount && account.HasEveryHold):
                Block(operation);
                break;
            case DecideResult.Asks:
                operation.Account = null;
                operation.HasFreshAccount = false;
                operation.Complete(CommitOutcome.Committed, flushes);
                break;
            case DecideResult.NeedsHolds when !account.HasEveryHold:
                operation.NeedsEveryHold = true;
                Block(operation);
                break;
            case DecideResult.NeedsHistory when !operation.HasHistory:
                toAskHistory.Add(operation);
                break;
            case DecideResult.NeedsHolds or DecideResult.NeedsHistory:
                LedgerLog.DecisionFailed(context.Log, new InvalidOperationException("A decision asked twice for what it had."), operation.AccountId);
                operation.Complete(CommitOutcome.Failed, flushes);
                break;
            default:
                batch.Add(operation);
                break;
        }
    }

    private void Touch(AccountAggregate account)
    {
        if (account.IsTouched)
            return;
        account.IsTouched = true;
        touched.Add(account);
    }

    /// <summary>Gives the operation's account what Postgres remembered. The operation keeps it: a conflict brings another state of the
    /// account, which is given it again.</summary>
    private void Adopt(LedgerOperation operation, AccountAggregate account)
    {
        if (operation.History is not { } history)
            return;
        operation.HasHistory = true;
        foreach (var (key, value) in history)
        {
            if (account.LoadHold(key, value))
                adopted.Add(key);
        }
    }

    /// <summary>Lets go of what Postgres remembered and the decision left as it was, for it is not in Redis.</summary>
    private void Forget(AccountAggregate account)
    {
        foreach (var key in adopted)
            account.ForgetHold(key);
        adopted.Clear();
    }

    /// <summary>Completes what changed nothing on accounts that this batch does not change, and leaves those accounts out of it.</summary>
    private void CompleteUnchanged()
    {
        var kept = 0;
        for (var index = 0; index < touched.Count; index++)
        {
            var account = touched[index];
            if (account.IsChanged)
                touched[kept++] = account;
            else
                account.IsTouched = false;
        }

        touched.RemoveRange(kept, touched.Count - kept);
        kept = 0;
        for (var index = 0; index < batch.Count; index++)
        {
            var operation = batch[index];
            if (operation.Account!.IsTouched)
            {
                batch[kept++] = operation;
                continue;
            }

            if (operation.Account.Exists)
            {
                TellCommitted(operation);
                continue;
            }

            // Another host may open it in a moment, so its absence is not remembered.
            near.Remove(operation.AccountId);
            operation.Complete(CommitOutcome.AccountNotFound, flushes);
        }

        batch.RemoveRange(kept, batch.Count - kept);
    }

    /// <summary>Forgets an account that a failed decision may have left half changed; its other operations are decided again.</summary>
    private void GiveUp(AccountAggregate account)
    {
        near.Remove(account.Id);
        if (!account.IsTouched)
            return;
        account.IsTouched = false;
        touched.Remove(account);
        for (var index = batch.Count - 1; index >= 0; index--)
        {
            if (!ReferenceEquals(batch[index].Account, account))
                continue;
            redo.Insert(0, batch[index]);
            batch.RemoveAt(index);
        }
    }
}
