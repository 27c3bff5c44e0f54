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
            scene.Answer.HasScript = scene.Answer.IsFirstAnswerAgain && CredentialMemory.HadScript(in scene);
            return true;
        }

        if (!scene.Account.TryFindDecline(scene.Request.Card, scene.Key, out var decline))
            return false;
        var isSame = decline.AskedTransaction == scene.Request.Transaction.MinorUnits && decline.TransactionCurrency == scene.Request.Transaction.Currency.Numeric;
        Decline(ref scene, isSame ? decline.Reason : DeclineReason.DuplicateRefused);
        scene.Answer.HasScript = isSame && CredentialMemory.HadScript(in scene);
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

        Give(ref scene, KindOf(in hold), in hold);
        scene.Answer.IsFirstAnswerAgain = true;
    }

    /// <summary>Fills an answer from what is kept of it, so that the first one and its repeats are made alike.</summary>
    internal static void Give(ref Scene scene, AnswerKind kind, in HoldRecord hold)
    {
        ref var answer = ref scene.Answer;
        answer.Kind = kind;
        answer.ApprovedTransaction = hold.ApprovedTransaction;
        answer.ApprovedBilling = BillingOf(in scene.Request, in hold);
        answer.AskedTransaction = hold.AskedTransaction;
        answer.ApprovalCode = hold.ApprovalCode;
        if (hold.Kind != TransactionKind.BalanceInquiry)
            return;
        answer.HasBalances = true;
        answer.LedgerBalance = hold.AnswerLedger;
        answer.AvailableBalance = hold.AnswerAvailable;
        answer.BalanceCurrency = hold.BillingCurrency;
    }

    /// <summary>
    /// DE 6 of the answer. In a currency that the account does not have it was not decided: it follows DE 4, rounded down as a part is.
    /// </summary>
    private static long BillingOf(in AuthorizationRequest request, in HoldRecord hold)
    {
        if (!request.HasBilling || request.Billing.Currency.Numeric == hold.BillingCurrency)
            return hold.ApprovedBilling;
        return hold.AskedTransaction == 0
            ? request.Billing.MinorUnits
            : (long)((Int128)request.Billing.MinorUnits * hold.ApprovedTransaction / hold.AskedTransaction);
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
