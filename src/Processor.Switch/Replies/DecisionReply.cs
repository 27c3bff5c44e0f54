using Processor.Authorization;
using Processor.Cards;

namespace Processor.Switch;

/// <summary>From a decision to an answer.</summary>
internal static class DecisionReply
{
    /// <summary>Answers with what was decided and committed.</summary>
    internal static void Finish(AuthorizationContext context)
    {
        Span<byte> amounts = stackalloc byte[AdditionalAmounts.LengthMax];
        Span<byte> issuerData = stackalloc byte[PresentedCredentials.IssuerDataLengthMax];
        var reply = Make(context, amounts, issuerData, out var outcome);
        context.Finish(in reply, outcome);
    }

    /// <summary>Answers an advice whose deadline has passed; the context stays with its owners.</summary>
    internal static void SendLate(AuthorizationContext context)
    {
        Span<byte> amounts = stackalloc byte[AdditionalAmounts.LengthMax];
        Span<byte> issuerData = stackalloc byte[PresentedCredentials.IssuerDataLengthMax];
        var reply = Make(context, amounts, issuerData, out _);
        context.SendLate(in reply);
    }

    /// <summary>No card has that PAN. To a reversal that is an original that never was.</summary>
    internal static void FinishUnknownCard(AuthorizationContext context)
    {
        var codes = context.Connection.Endpoint.ResponseCodes;
        switch (context.Class)
        {
            case RequestClass.Reversal:
                context.Finish(new Reply(codes.UnknownOriginal), RequestOutcome.Declined);
                break;
            case RequestClass.ReversalAdvice:
                context.Finish(new Reply(codes.Accepted), RequestOutcome.Accepted);
                break;
            default:
                context.Finish(new Reply(codes[DeclineReason.CardNotFound]), RequestOutcome.Declined);
                break;
        }
    }

    private static Reply Make(AuthorizationContext context, Span<byte> amounts, Span<byte> issuerData, out RequestOutcome outcome)
    {
        ref var answer = ref context.Answer;
        ReadOnlySpan<byte> approvalCode = answer.ApprovalCode;
        var codes = context.Connection.Endpoint.ResponseCodes;
        outcome = OutcomeOf(answer.Kind);
        var code = codes.CodeOf(answer.Kind, answer.Reason, answer.Kind == AnswerKind.Verified && !context.AnswersVerificationWith85);
        return new(code)
        {
            Amount = answer.Kind == AnswerKind.Partial ? answer.ApprovedTransaction : Reply.AsAsked,
            BillingAmount = answer.Kind == AnswerKind.Partial ? answer.ApprovedBilling : Reply.AsAsked,
            ApprovalCode = approvalCode.ContainsAnyExcept((byte)0) ? approvalCode : default,
            AdditionalAmounts = WriteAmounts(context, amounts),
            IssuerData = issuerData[..context.Presented.WriteIssuerData(answer.Kind is AnswerKind.Approved or AnswerKind.Partial or AnswerKind.Verified, answer.HasScript, issuerData)],
        };
    }

    private static ReadOnlySpan<byte> WriteAmounts(AuthorizationContext context, Span<byte> target)
    {
        ref var answer = ref context.Answer;
        ref var request = ref context.Request;
        var amounts = new AdditionalAmounts(target);
        if (answer.HasBalances)
        {
            var currency = new Currency(answer.BalanceCurrency);
            amounts.AddBalance(request.AccountType, AdditionalAmounts.LedgerBalance, currency, answer.LedgerBalance);
            amounts.AddBalance(request.AccountType, AdditionalAmounts.AvailableBalance, currency, answer.AvailableBalance);
        }

        if (answer.Kind == AnswerKind.Partial)
        {
            amounts.Add(request.AccountType, AdditionalAmounts.OriginalAmount, request.Transaction.Currency, answer.AskedTransaction, isDebit: true);
            if (request.HasBilling && request.Billing.Currency != request.Transaction.Currency)
                amounts.Add(request.AccountType, AdditionalAmounts.OriginalAmount, request.Billing.Currency, request.Billing.MinorUnits, isDebit: true);
        }

        return amounts.Written;
    }

    private static RequestOutcome OutcomeOf(AnswerKind kind) => kind switch
    {
        AnswerKind.Approved or AnswerKind.Verified => RequestOutcome.Approved,
        AnswerKind.Partial => RequestOutcome.Partial,
        AnswerKind.Accepted => RequestOutcome.Accepted,
        _ => RequestOutcome.Declined,
    };
}
