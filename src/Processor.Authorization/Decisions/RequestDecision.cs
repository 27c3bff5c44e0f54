using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>0100 and 0200: may this be done? An approval holds (0100) or posts (0200).</summary>
internal static class RequestDecision
{
    /// <summary>Open holds of one account at most.</summary>
    internal const int OpenHoldsMax = 10_000;

    internal static DecideResult Decide(ref Scene scene)
    {
        if (TryTellFirst(ref scene, out var asked))
            return asked;
        if (scene.Account.Account.Tombstones > 0)
        {
            if (!scene.Account.HasEveryHold)
                return DecideResult.NeedsHolds;

            // Its reversal was here first: nothing is held, and the answer is no, so that nobody hands out goods for nothing.
            if (IsReversedAlready(ref scene))
                return DeclineForGood(ref scene, DeclineReason.InvalidTransaction, HoldTraits.None);
        }

        var decided = scene.Decided;
        var approved = decided;
        var approvedTransaction = scene.Request.Transaction.MinorUnits;
        var reason = RuleSet.Check(in scene, decided);
        if (reason == DeclineReason.None && IsDebit(scene.Request.Kind))
            reason = CheckFunds(in scene, ref approved, ref approvedTransaction);

        // A decline is decided with all holds known, and that before the credentials leave the traces that belong to its reason.
        if (reason != DeclineReason.None && !scene.Account.HasEveryHold)
            return DecideResult.NeedsHolds;
        CredentialMemory.Keep(in scene, reason);
        if (reason != DeclineReason.None)
            return scene.Decline(EventOf(scene.Request.Class, scene.Request.Kind), reason);
        return scene.Request.Kind switch
        {
            TransactionKind.BalanceInquiry => TellBalances(ref scene, decided),
            TransactionKind.Verification => Verify(ref scene, decided),
            TransactionKind.Refund => Credit(ref scene, decided),
            _ => Debit(ref scene, decided, approved, approvedTransaction),
        };
    }

    /// <summary>The sender has been told 91 before this was decided: nothing is done, and 91 is the stored answer that its repeats get.</summary>
    internal static DecideResult DecideAbandoned(ref Scene scene)
    {
        if (TryTellFirst(ref scene, out var asked))
            return asked;
        return DeclineForGood(ref scene, DeclineReason.IssuerUnavailable, HoldTraits.Late);
    }

    internal static EventType EventOf(MessageClass @class, TransactionKind kind) => (@class, kind) switch
    {
        (_, TransactionKind.BalanceInquiry) => EventType.BalanceInquiry,
        (_, TransactionKind.Verification) => EventType.AccountVerification,
        (MessageClass.Authorization, TransactionKind.Refund) => EventType.CreditAuthorization,
        (MessageClass.Financial, TransactionKind.Refund) => EventType.Refund,
        (MessageClass.Financial, _) => EventType.FinancialAuthorization,
        _ => EventType.Authorization,
    };

    private static bool IsDebit(TransactionKind kind) =>
        kind is not (TransactionKind.BalanceInquiry or TransactionKind.Verification or TransactionKind.Refund);

    /// <summary>Is the money there, or a part of it that may be approved, and room for a hold?</summary>
    private static DeclineReason CheckFunds(in Scene scene, ref Amount approved, ref long approvedTransaction)
    {
        var account = scene.Account;
        var available = account.Balance(account.FindBalance(approved.Currency.Numeric)).Available;
        if (available < approved.MinorUnits)
        {
            // The part in transaction currency is rounded down: the terminal never gives out more than is held.
            approvedTransaction = PartOf(approvedTransaction, available, approved.MinorUnits);
            if (approvedTransaction == 0 || !MayApprovePart(in scene))
                return DeclineReason.InsufficientFunds;
            approved = approved with { MinorUnits = available };
        }

        return scene.Request.Class == MessageClass.Authorization && account.Account.OpenHolds >= OpenHoldsMax
            ? DeclineReason.TooManyHolds
            : DeclineReason.None;
    }

    private static DecideResult Debit(ref Scene scene, Amount decided, Amount approved, long approvedTransaction)
    {
        var account = scene.Account;
        var isHeld = scene.Request.Class == MessageClass.Authorization;
        var hold = scene.NewHold(isHeld ? HoldState.Open : HoldState.Posted, decided, account.NewId());
        hold.ApprovalCode = scene.NewApprovalCode();
        hold.ApprovedBilling = approved.MinorUnits;
        hold.ApprovedTransaction = approvedTransaction;
        if (approved != decided)
            hold.Traits |= HoldTraits.Partial;
        if (LimitCounter.Count(account, scene.Request.Card, approved, scene.IsCash, scene.Calendar))
            hold.Traits |= HoldTraits.Counted;
        if (isHeld)
        {
            hold.Held = approved.MinorUnits;
            hold.ExpiresAt = scene.NewExpiry();
        }
        else
        {
            hold.PostedDelta = -approved.MinorUnits;
            account.Post(approved.Currency.Numeric, -approved.MinorUnits);
        }

        account.AddHold(scene.Key, in hold);
        var record = scene.NewEvent(EventOf(scene.Request.Class, scene.Request.Kind), in hold);
        record.HeldDelta = hold.Held;
        record.PostedDelta = hold.PostedDelta;
        account.Record(ref record);
        FirstAnswer.Give(ref scene, approved == decided ? AnswerKind.Approved : AnswerKind.Partial, in hold);
        return DecideResult.Changed;
    }

    private static long PartOf(long amount, long available, long asked) =>
        available <= 0 ? 0 : (long)((Int128)amount * available / asked);

    private static bool MayApprovePart(in Scene scene) =>
        scene.Request.SupportsPartial
        && scene.Request.Kind == TransactionKind.Purchase
        && (scene.Account.Card(scene.Request.Card).Options & CardOptions.PartialApproval) != 0;

    /// <summary>A refund: its authorization moves nothing, as money comes with clearing; a financial one credits at once.</summary>
    private static DecideResult Credit(ref Scene scene, Amount decided)
    {
        var isPosted = scene.Request.Class == MessageClass.Financial;
        var hold = scene.NewHold(isPosted ? HoldState.Posted : HoldState.Noted, decided, scene.Account.NewId());
        hold.ApprovalCode = scene.NewApprovalCode();
        if (isPosted)
        {
            hold.PostedDelta = decided.MinorUnits;
            scene.Account.Post(decided.Currency.Numeric, decided.MinorUnits);
        }

        return Keep(ref scene, in hold, AnswerKind.Approved);
    }

    private static DecideResult Verify(ref Scene scene, Amount decided)
    {
        var hold = scene.NewHold(HoldState.Noted, decided, scene.Account.NewId());
        hold.ApprovalCode = scene.NewApprovalCode();
        return Keep(ref scene, in hold, AnswerKind.Verified);
    }

    private static DecideResult TellBalances(ref Scene scene, Amount decided)
    {
        // An inquiry often comes without an amount, and then without a currency: the account's first balance is told.
        var account = scene.Account;
        var index = Math.Max(0, account.FindBalance(decided.Currency.Numeric));
        ref readonly var balance = ref account.Balance(index);
        var hold = scene.NewHold(HoldState.Noted, new Amount(0, new Currency(balance.Currency)), account.NewId());
        hold.ApprovalCode = scene.NewApprovalCode();
        hold.AnswerLedger = balance.Posted;
        hold.AnswerAvailable = balance.Available;
        return Keep(ref scene, in hold, AnswerKind.Approved);
    }

    private static DecideResult Keep(ref Scene scene, in HoldRecord hold, AnswerKind kind)
    {
        scene.Account.AddHold(scene.Key, in hold);
        var record = scene.NewEvent(EventOf(scene.Request.Class, scene.Request.Kind), in hold);
        record.PostedDelta = hold.PostedDelta;
        scene.Account.Record(ref record);
        FirstAnswer.Give(ref scene, kind, in hold);
        return DecideResult.Changed;
    }

    private static bool IsReversedAlready(ref Scene scene) =>
        scene.Account.FindTombstone(scene.NewHold(HoldState.Open, default, Ulid.None)) >= 0;

    /// <summary>True when there is nothing to decide: the first answer is told, or history must be asked for it.</summary>
    private static bool TryTellFirst(ref Scene scene, out DecideResult result)
    {
        result = DecideResult.Unchanged;
        if (FirstAnswer.TryTell(ref scene))
            return true;
        result = DecideResult.NeedsHistory;
        return scene.Request.IsRepeat && !scene.Operation.HasHistory;
    }

    /// <summary>A decline that is kept under its key as long as an approval is, not among the latest eight.</summary>
    private static DecideResult DeclineForGood(ref Scene scene, DeclineReason reason, HoldTraits traits)
    {
        var hold = scene.NewHold(HoldState.Declined, scene.Decided, scene.Account.NewId());
        hold.Reason = reason;
        hold.Traits |= traits;
        hold.ApprovalCode = default;
        scene.Account.AddHold(scene.Key, in hold);
        var record = scene.NewEvent(EventOf(scene.Request.Class, scene.Request.Kind), in hold);
        scene.Account.Record(ref record);
        scene.Answer.Kind = AnswerKind.Declined;
        scene.Answer.Reason = reason;
        return DecideResult.Changed;
    }
}
