using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Something that the program or the host itself asks of an account. Made for one use.</summary>
public abstract class AccountCommand : LedgerOperation
{
    private readonly TaskCompletionSource<CommitOutcome> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A command that refuses changes nothing, so no version check would show that the account was stale: it is read first.</summary>
    protected AccountCommand() => NeedsFreshAccount = true;

    /// <summary>What the decision said, good when <see cref="Completion"/> is <see cref="CommitOutcome.Committed"/>.</summary>
    public CommandResult Said { get; internal set; }

    /// <summary>Ends when the outcome is known.</summary>
    public Task<CommitOutcome> Completion => completion.Task;

    /// <summary>Carries the command out on its account. May be called again with another state of it.</summary>
    internal abstract DecideResult Decide(AccountAggregate account, ProgramDirectory programs);

    /// <summary>Says what became of it.</summary>
    internal DecideResult Say(CommandResult said, DecideResult result = DecideResult.Unchanged)
    {
        Said = said;
        return result;
    }

    /// <summary>True when this command's id is known in the account: it says whether the content was the same.</summary>
    internal bool WasDone(AccountAggregate account, long amount, ushort currency)
    {
        var slot = account.FindHold(Key);
        if (slot < 0)
            return false;
        ref readonly var hold = ref account.Hold(slot);
        Said = hold.AskedBilling == amount && hold.BillingCurrency == currency ? CommandResult.DoneBefore : CommandResult.Conflict;
        return true;
    }

    /// <summary>Leaves the command's id in the account, so that the same id has one effect, and records what happened.</summary>
    internal DecideResult Do(AccountAggregate account, ref EventRecord record, long amount, ushort currency)
    {
        if (record.Transaction == Ulid.None && record.Kind != TransactionKind.None)
            record.Transaction = account.NewId();
        if (Key != 0)
        {
            account.AddHold(Key, new HoldRecord
            {
                State = HoldState.Noted,
                Kind = record.Kind,
                Class = MessageClass.Internal,
                Transaction = record.Transaction,
                ExpiresAt = long.MaxValue,
                Deadline = long.MaxValue,
                AskedBilling = amount,
                BillingCurrency = currency,
                PostedDelta = record.PostedDelta,
            });
        }

        record.Class = MessageClass.Internal;
        record.Key = Key;
        record.BillingAmount = amount;
        record.BillingCurrency = currency;
        account.Record(ref record);
        Said = CommandResult.Done;
        return DecideResult.Changed;
    }

    /// <inheritdoc/>
    protected override void Complete(CommitOutcome outcome, FlushList flushes) => completion.TrySetResult(outcome);
}
