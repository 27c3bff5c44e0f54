using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Gives a repeat the answer that the first message got.</summary>
internal static class FirstAnswer
{
    /// <summary>Answers when the message's key is known.</summary>
    /// <returns>True when the answer stands: the first one, or 94 for the same key with another amount.</returns>
    internal static bool TryTell(ref Scene scene)
    {
        var slot = scene.Account.FindHold(scene.Key);
        if (slot >= 0)
        {
            ref readonly var hold = ref scene.Account.Hold(slot);
            Tell(ref scene, in hold);
            return true;
        }

        if (!scene.Account.TryFindDecline(scene.Request.Card, scene.Key, out var decline))
            return false;
        var isSame = decline.AskedTransaction == scene.Request.Transaction.MinorUnits && decline.TransactionCurrency == scene.Request.Transaction.Currency.Numeric;
        Decline(ref scene, isSame ? decline.Reason : DeclineReason.DuplicateRefused);
        return true;
    }

    private static void Tell(ref Scene scene, in HoldRecord hold)
    {
        ref readonly var request = ref scene.Request;
        if (hold.AskedTransaction != request.Transaction.MinorUnits || hold.TransactionCurrency != request.Transaction.Currency.Numeric)
        {
            Decline(ref scene, DeclineReason.DuplicateRefused);
            return;
        }

        // Not decided yet: the first answer is still to come, so this one is told to try again.
        var reason = hold.State == HoldState.Pending ? DeclineReason.IssuerUnavailable : hold.Reason;
        if (reason != DeclineReason.None)
        {
            Decline(ref scene, reason);
            return;
        }

        Give(ref scene.Answer, KindOf(in hold), in hold);
        scene.Answer.IsFirstAnswerAgain = true;
    }

    /// <summary>Fills an answer from what is kept of it, so that the first one and its repeats are made alike.</summary>
    internal static void Give(ref AuthorizationAnswer answer, AnswerKind kind, in HoldRecord hold)
    {
        answer.Kind = kind;
        answer.ApprovedTransaction = hold.ApprovedTransaction;
        answer.ApprovedBilling = hold.ApprovedBilling;
        answer.AskedTransaction = hold.AskedTransaction;
        answer.ApprovalCode = hold.ApprovalCode;
        if (hold.Kind != TransactionKind.BalanceInquiry)
            return;
        answer.HasBalances = true;
        answer.LedgerBalance = hold.AnswerLedger;
        answer.AvailableBalance = hold.AnswerAvailable;
        answer.BalanceCurrency = hold.BillingCurrency;
    }

    private static AnswerKind KindOf(in HoldRecord hold) => hold.Class switch
    {
        MessageClass.Reversal when hold.State == HoldState.Tombstone => AnswerKind.UnknownOriginal,
        MessageClass.Authorization or MessageClass.Financial when hold.Kind == TransactionKind.Verification => AnswerKind.Verified,
        MessageClass.Authorization or MessageClass.Financial when (hold.Traits & HoldTraits.Partial) != 0 => AnswerKind.Partial,
        MessageClass.Authorization or MessageClass.Financial => AnswerKind.Approved,
        _ => AnswerKind.Accepted,
    };

    private static void Decline(ref Scene scene, DeclineReason reason)
    {
        scene.Answer.IsFirstAnswerAgain = reason != DeclineReason.DuplicateRefused;
        scene.Answer.Kind = AnswerKind.Declined;
        scene.Answer.Reason = reason;
    }
}
