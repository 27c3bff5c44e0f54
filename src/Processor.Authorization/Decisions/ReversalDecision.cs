using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>0400 and 0420: undo an original, in full or down to what remains.</summary>
internal static class ReversalDecision
{
    internal static DecideResult Decide(ref Scene scene)
    {
        if (FirstAnswer.TryTell(ref scene))
            return DecideResult.Unchanged;
        if (!OriginalSearch.TryFind(ref scene, out var slot, out var asks))
            return asks;
        if (slot < 0)
            return Bury(ref scene);
        var account = scene.Account;
        slot = OriginalSearch.FindMoney(account, slot);
        var original = account.Hold(slot);
        var remaining = Remaining(in scene, in original);
        if (original.IsHolding)
            return UndoHold(ref scene, slot, in original, remaining);
        return original.PostedDelta != 0
            ? UndoPosting(ref scene, slot, in original, remaining)
            : Accept(ref scene, slot, in original, 0, 0);
    }

    /// <summary>What remains in the account's currency: DE 95 at the original's rate; 0 without DE 95. Nothing is undone when it is more than there is.</summary>
    private static long Remaining(in Scene scene, in HoldRecord original) =>
        scene.Request.HasReplacement
            ? Scene.Scale(scene.Request.Replacement, original.ApprovedBilling, original.ApprovedTransaction)
            : 0;

    private static DecideResult UndoHold(ref Scene scene, int slot, in HoldRecord original, long remaining)
    {
        var account = scene.Account;
        if (remaining >= original.Held)
            return Accept(ref scene, slot, in original, 0, 0);
        var undone = original.Held - remaining;
        if (remaining == 0)
            account.Release(slot, HoldState.Released);
        else
            account.SetHeld(slot, remaining);
        LimitCounter.Restore(account, in original, -undone, remaining == 0 ? -1 : 0, scene.Calendar);
        return Accept(ref scene, slot, in original, -undone, 0);
    }

    private static DecideResult UndoPosting(ref Scene scene, int slot, in HoldRecord original, long remaining)
    {
        // A debit is posted as a negative amount, a refund as a positive one; what remains has the same sign.
        if (remaining >= Math.Abs(original.PostedDelta))
            return Accept(ref scene, slot, in original, 0, 0);
        var kept = original.PostedDelta < 0 ? -remaining : remaining;
        var opposite = kept - original.PostedDelta;
        scene.Account.Post(original.BillingCurrency, opposite);
        ref var hold = ref scene.Account.ChangeHold(slot);
        hold.PostedDelta = kept;
        if (kept == 0)
            hold.State = HoldState.Released;
        if (opposite > 0)
            LimitCounter.Restore(scene.Account, in original, -opposite, kept == 0 ? -1 : 0, scene.Calendar);
        return Accept(ref scene, slot, in original, 0, opposite);
    }

    private static DecideResult Accept(ref Scene scene, int slot, in HoldRecord original, long held, long posted)
    {
        var hold = scene.NewHold(HoldState.Noted, default, original.Transaction);
        hold.Kind = original.Kind;
        hold.BillingCurrency = original.BillingCurrency;
        scene.Account.AddHold(scene.Key, in hold);
        var type = original.Class is MessageClass.Financial or MessageClass.FinancialAdvice || posted != 0
            ? EventType.FinancialReversal
            : EventType.AuthorizationReversal;
        var record = scene.NewEvent(type, in hold);
        record.State = scene.Account.Hold(slot).State;
        record.OriginalKey = scene.Account.HoldKey(slot);
        record.HeldDelta = held;
        record.PostedDelta = posted;
        record.BillingAmount = Math.Abs(held) + Math.Abs(posted);
        record.TransactionAmount = Scene.Scale(record.BillingAmount, original.ApprovedTransaction, original.ApprovedBilling);
        scene.Account.Record(ref record);
        FirstAnswer.Give(ref scene, AnswerKind.Accepted, in hold);
        return DecideResult.Changed;
    }

    /// <summary>The original is not known: a tombstone waits for it, so that it holds nothing when it comes.</summary>
    private static DecideResult Bury(ref Scene scene)
    {
        var hold = scene.NewHold(HoldState.Tombstone, default, scene.Account.NewId());
        scene.Account.AddTombstone(scene.Key, in hold, in scene.Operation.Original);
        var record = scene.NewEvent(EventType.UnmatchedReversal, in hold);
        scene.Account.Record(ref record);
        FirstAnswer.Give(ref scene, scene.Request.Class == MessageClass.Reversal ? AnswerKind.UnknownOriginal : AnswerKind.Accepted, in hold);
        return DecideResult.Changed;
    }
}
