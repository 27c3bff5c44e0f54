using Processor.Cards;

namespace Processor.Authorization;

/// <summary>The message must ask for something that exists, with an amount where one is needed.</summary>
internal static class TransactionRule
{
    internal static DeclineReason Check(in AuthorizationRequest request) => request.Kind switch
    {
        TransactionKind.None or TransactionKind.TopUp or TransactionKind.Withdraw => DeclineReason.InvalidTransaction,
        TransactionKind.BalanceInquiry or TransactionKind.Verification => DeclineReason.None,
        _ => request.Transaction.MinorUnits > 0 && (!request.HasBilling || request.Billing.MinorUnits > 0) ? DeclineReason.None : DeclineReason.InvalidAmount,
    };
}
