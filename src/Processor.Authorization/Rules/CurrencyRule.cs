using Processor.Cards;

namespace Processor.Authorization;

/// <summary>The billing amount, or else the transaction amount, must be in a currency of the account.</summary>
internal static class CurrencyRule
{
    internal static DeclineReason Check(in AuthorizationRequest request, Amount decided) =>
        decided.Currency != Currency.None || request.Kind is TransactionKind.BalanceInquiry or TransactionKind.Verification
            ? DeclineReason.None
            : DeclineReason.CurrencyNotSupported;
}
