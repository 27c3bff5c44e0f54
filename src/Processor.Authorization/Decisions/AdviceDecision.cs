using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>0120 and 0220: what was done elsewhere. It is taken in whatever it does to available.</summary>
internal static class AdviceDecision
{
    private const int Nothing = -1;

    internal static DecideResult Decide(ref Scene scene)
    {
        if (FirstAnswer.TryTell(ref scene))
            return DecideResult.Unchanged;
        if (!OriginalSearch.TryFind(ref scene, out var original, out var asks))
            return asks;
        var account = scene.Account;
        if (!scene.IsProgramKnown || !account.HasCard(scene.Request.Card))
            return scene.Decline(EventOf(in scene), DeclineReason.CardNotFound);
        if (account.Account.Tombstones > 0 && !account.HasEveryHold)
            return DecideResult.NeedsHolds;

        var decided = scene.Decided;
        var isLinked = original >= 0;
        var transaction = isLinked ? account.Hold(original).Transaction : account.NewId();
        original = isLinked ? FindReplaced(in scene, original) : Nothing;
        if (scene.Request.IsDeclinedAdvice)
            return NoteDeclined(ref scene, original, decided, transaction);
        if (IsWithoutMoney(in scene) || IsReversedAlready(ref scene))
            return Note(ref scene, original, decided, transaction);
        if (decided.Currency == Currency.None)
            return scene.Decline(EventOf(in scene), DeclineReason.CurrencyNotSupported);
        if (scene.Request.Class == MessageClass.FinancialAdvice && scene.Request.Mode == EndpointMode.Single)
            return Post(ref scene, original, decided, transaction, isLinked);
        if (original >= 0 && account.Hold(original).IsHolding)
            return Replace(ref scene, original, decided);
        return original >= 0 && account.Hold(original).State == HoldState.Posted
            ? Note(ref scene, original, decided, transaction)
            : Hold(ref scene, original, decided, transaction, isLinked);
    }

    private static EventType EventOf(in Scene scene) =>
        scene.Request.Class == MessageClass.FinancialAdvice ? EventType.FinancialAdvice : EventType.AuthorizationAdvice;

    /// <summary>Inquiries and verifications move nothing; a refund's authorization neither, nor its completion where clearing moves the money.</summary>
    private static bool IsWithoutMoney(in Scene scene) => scene.Request.Kind switch
    {
        TransactionKind.BalanceInquiry or TransactionKind.Verification => true,
        TransactionKind.Refund => scene.Request.Class == MessageClass.AuthorizationAdvice || scene.Request.Mode == EndpointMode.Dual,
        _ => scene.Request.Transaction.MinorUnits == 0,
    };

    /// <summary>
    /// What the advice takes the place of: its original, or the completion to which the original's money has moved. A refund belongs to
    /// the purchase that it names and leaves that purchase's money alone, and so does an inquiry.
    /// </summary>
    private static int FindReplaced(in Scene scene, int original)
    {
        if (scene.Request.Kind == TransactionKind.BalanceInquiry)
            return Nothing;
        var isSameWay = OriginalSearch.IsCredit(scene.Request.Kind) == OriginalSearch.IsCredit(scene.Account.Hold(original).Kind);
        return isSameWay ? OriginalSearch.FindMoney(scene.Account, original) : Nothing;
    }

    private static bool IsReversedAlready(ref Scene scene) =>
        scene.Account.FindTombstone(scene.NewHold(HoldState.Open, default, Ulid.None)) >= 0;

    /// <summary>The advice says that the request was declined: it is recorded, and what its original holds is released.</summary>
    private static DecideResult NoteDeclined(ref Scene scene, int original, Amount decided, Ulid transaction)
    {
        var released = 0L;
        if (original >= 0 && scene.Account.Hold(original).IsHolding)
        {
            var before = scene.Account.Hold(original);
            released = scene.Account.Release(original, HoldState.Released);
            LimitCounter.Restore(scene.Account, in before, -released, -1, scene.Calendar);
        }

        var hold = scene.NewHold(HoldState.Noted, decided, transaction);
        return Keep(ref scene, in hold, original, -released, 0);
    }

    private static DecideResult Note(ref Scene scene, int original, Amount decided, Ulid transaction)
    {
        // A zero completion says that nothing was taken: what its original holds is released.
        var released = 0L;
        if (original >= 0 && scene.Request.Transaction.MinorUnits == 0 && scene.Account.Hold(original).IsHolding)
        {
            var before = scene.Account.Hold(original);
            released = scene.Account.Release(original, HoldState.Released);
            LimitCounter.Restore(scene.Account, in before, -released, -1, scene.Calendar);
        }

        var hold = scene.NewHold(HoldState.Noted, decided, transaction);
        return Keep(ref scene, in hold, original, -released, 0);
    }

    /// <summary>The advice's amount takes the place of what its original holds.</summary>
    private static DecideResult Replace(ref Scene scene, int original, Amount decided)
    {
        var account = scene.Account;
        var before = account.Hold(original);
        if (before.BillingCurrency != decided.Currency.Numeric)
            return scene.Decline(EventOf(in scene), DeclineReason.CurrencyNotSupported);
        account.SetHeld(original, decided.MinorUnits);
        account.SetExpiry(original, scene.NewExpiry());
        LimitCounter.Restore(account, in before, decided.MinorUnits - before.Held, 0, scene.Calendar);
        var hold = scene.NewHold(HoldState.Noted, decided, before.Transaction);
        Flag(account, ref hold);
        return Keep(ref scene, in hold, original, decided.MinorUnits - before.Held, 0);
    }

    /// <summary>There is no hold to replace: the advice makes one.</summary>
    private static DecideResult Hold(ref Scene scene, int original, Amount decided, Ulid transaction, bool isLinked)
    {
        var hold = scene.NewHold(HoldState.Open, decided, transaction);
        hold.Held = decided.MinorUnits;
        hold.ExpiresAt = scene.NewExpiry();
        if (!isLinked)
            hold.Traits |= HoldTraits.Unlinked;
        if (LimitCounter.Count(scene.Account, scene.Request.Card, decided, scene.IsCash, scene.Calendar))
            hold.Traits |= HoldTraits.Counted;
        var slot = scene.Account.AddHold(scene.Key, in hold);
        Flag(scene.Account, ref scene.Account.ChangeHold(slot));
        return Tell(ref scene, in scene.Account.Hold(slot), original, decided.MinorUnits, 0);
    }

    /// <summary>Money moves at once: what the original held is released, what it had posted is replaced.</summary>
    private static DecideResult Post(ref Scene scene, int original, Amount decided, Ulid transaction, bool isLinked)
    {
        var account = scene.Account;
        var released = 0L;
        var undone = 0L;
        var traits = HoldTraits.None;
        if (original >= 0 && account.Hold(original).BillingCurrency == decided.Currency.Numeric)
        {
            var before = account.Hold(original);
            if (before.IsHolding)
                released = account.Release(original, HoldState.Posted);
            undone = before.PostedDelta;
            account.ChangeHold(original).PostedDelta = 0;
            LimitCounter.Restore(account, in before, decided.MinorUnits - Math.Max(released, -undone), 0, scene.Calendar);
            traits = before.Traits & HoldTraits.Counted;
        }
        else if (scene.Request.Kind != TransactionKind.Refund && LimitCounter.Count(account, scene.Request.Card, decided, scene.IsCash, scene.Calendar))
        {
            traits = HoldTraits.Counted;
        }

        var hold = scene.NewHold(HoldState.Posted, decided, transaction);
        hold.Traits |= traits | (isLinked ? HoldTraits.None : HoldTraits.Unlinked);
        hold.PostedDelta = scene.Request.Kind == TransactionKind.Refund ? decided.MinorUnits : -decided.MinorUnits;
        account.Post(decided.Currency.Numeric, hold.PostedDelta - undone);
        Flag(account, ref hold);
        return Keep(ref scene, in hold, original, -released, hold.PostedDelta - undone);
    }

    private static void Flag(AccountAggregate account, ref HoldRecord hold)
    {
        var index = account.FindBalance(hold.BillingCurrency);
        if (index >= 0 && account.Balance(index).Available < 0)
            hold.Traits |= HoldTraits.BelowFloor;
    }

    private static DecideResult Keep(ref Scene scene, in HoldRecord hold, int original, long held, long posted)
    {
        scene.Account.AddHold(scene.Key, in hold);
        return Tell(ref scene, in hold, original, held, posted);
    }

    private static DecideResult Tell(ref Scene scene, in HoldRecord hold, int original, long held, long posted)
    {
        CredentialMemory.KeepOfAdvice(in scene);
        var record = scene.NewEvent(EventOf(in scene), in hold);
        record.OriginalKey = original >= 0 ? scene.Account.HoldKey(original) : 0;
        record.Reason = scene.Request.IsDeclinedAdvice ? DeclineReason.DeclinedElsewhere : DeclineReason.None;
        record.HeldDelta = held;
        record.PostedDelta = posted;
        if (original >= 0 && scene.Account.Hold(original).IsHolding)
            record.ExpiresAt = scene.Account.Hold(original).ExpiresAt;
        scene.Account.Record(ref record);
        FirstAnswer.Give(ref scene, AnswerKind.Accepted, in hold);
        return DecideResult.Changed;
    }
}
