using Processor.Cards;

namespace Processor.Ledger.Tests;

/// <summary>The plainest decision: an operation that opens an account, holds, releases, posts or takes back an amount.</summary>
internal readonly struct Moves : IDecide
{
    public DecideResult Decide(LedgerOperation operation, AccountAggregate account)
    {
        var move = (Move)operation;
        move.Decisions++;
        move.IsRepeat = false;
        if (move.Verb == Verb.Throw)
            throw new InvalidOperationException("The test asked for it.");
        if (move.Verb == Verb.Open && !account.Exists)
        {
            account.Open(program: 1, currency: 978, creditLimit: 0);
            account.Post(978, move.Amount);
            return Done(account, move, EventType.AccountOpened, 0, move.Amount);
        }

        if (!account.Exists)
            return DecideResult.Unchanged;
        var slot = account.FindHold(move.Key);
        if (slot >= 0)
        {
            move.IsRepeat = true;
            move.IsApproved = account.Hold(slot).Reason == DeclineReason.None;
            return DecideResult.Unchanged;
        }

        if (move.Verb == Verb.Release)
            return Release(move, account);
        if (move.AsksHistory && !move.HasHistory)
            return DecideResult.NeedsHistory;
        if (move.Verb == Verb.Undo)
            return Undo(move, account);
        move.IsApproved = account.Balance(0).Available >= move.Amount;
        if (!move.IsApproved)
            return Done(account, move, EventType.Authorization, 0, 0);
        if (move.Verb == Verb.Post)
            account.Post(978, -move.Amount);
        account.AddHold(move.Key, new HoldRecord
        {
            State = move.Verb == Verb.Hold ? HoldState.Open : HoldState.Posted,
            Class = MessageClass.Authorization,
            BillingCurrency = 978,
            Held = move.Amount,
            Stan = (uint)move.Key,
            ExpiresAt = long.MaxValue,
        });
        return move.Verb == Verb.Hold
            ? Done(account, move, EventType.Authorization, move.Amount, 0)
            : Done(account, move, EventType.FinancialAuthorization, 0, -move.Amount);
    }

    private static DecideResult Release(Move move, AccountAggregate account)
    {
        if (!account.HasEveryHold)
            return DecideResult.NeedsHolds;
        var slot = account.FindOriginal(new OriginalQuery { Stan = (uint)move.Amount });
        if (slot < 0 || !account.Hold(slot).IsHolding)
            return DecideResult.Unchanged;
        var released = account.Release(slot, HoldState.Released);
        return Done(account, move, EventType.AuthorizationReversal, -released, 0);
    }

    private static DecideResult Undo(Move move, AccountAggregate account)
    {
        var slot = account.FindOriginal(new OriginalQuery { Stan = (uint)move.Amount });
        var posted = slot < 0 ? 0 : account.Hold(slot).PostedDelta;
        move.IsApproved = posted != 0;
        if (!move.IsApproved)
            return DecideResult.Unchanged;
        account.Post(978, -posted);
        account.ChangeHold(slot).PostedDelta = 0;
        account.AddHold(move.Key, new HoldRecord { State = HoldState.Noted, Class = MessageClass.Reversal });
        return Done(account, move, EventType.FinancialReversal, 0, -posted);
    }

    private static DecideResult Done(AccountAggregate account, Move move, EventType type, long held, long posted)
    {
        var record = new EventRecord { Type = type, Key = move.Key, BillingCurrency = 978, HeldDelta = held, PostedDelta = posted, Transaction = account.NewId() };
        account.Record(ref record);
        return DecideResult.Changed;
    }
}
