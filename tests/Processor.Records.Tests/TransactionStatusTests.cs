using Processor.Cards;
using Processor.Ledger;
using Xunit;

namespace Processor.Records.Tests;

/// <summary>What the events of a transaction add up to. An event is written as type (and kind, where it is a refund), change of held, change of posted, and reason.</summary>
public sealed class TransactionStatusTests
{
    // events                                                                       | kind        | status        | amounts that are not zero
    [Theory]
    [InlineData("Authorization 500 0", "Purchase", "Pending", "Authorized 500, Held 500")]
    [InlineData("Authorization 500 0; AuthorizationReversal -500 0", "Purchase", "Reversed", "Authorized 500, Reversed 500")]
    [InlineData("Authorization 500 0; AuthorizationReversal -200 0", "Purchase", "Pending", "Authorized 500, Held 300, Reversed 200")]
    [InlineData("Authorization 500 0; AuthorizationExpiry -500 0", "Purchase", "Expired", "Authorized 500, Expired 500")]
    [InlineData("Authorization 500 0; AuthorizationReversal -200 0; AuthorizationExpiry -300 0", "Purchase", "Expired", "Authorized 500, Reversed 200, Expired 300")]
    [InlineData("Authorization 500 0; AuthorizationAdvice 100 0", "Purchase", "Pending", "Authorized 500, Held 600, HoldAdjustment 100")]
    [InlineData("AuthorizationAdvice 700 0", "Purchase", "Pending", "Authorized 700, Held 700")]
    [InlineData("Authorization 500 0; FinancialAdvice -500 -450", "Purchase", "Cleared", "Authorized 500, Released 500, Cleared 450, NetPosted 450")]
    [InlineData("FinancialAuthorization 0 -500", "Purchase", "Cleared", "Cleared 500, NetPosted 500")]
    [InlineData("FinancialAuthorization 0 -500; FinancialReversal 0 500", "Purchase", "Reversed", "Reversed 500, Cleared 500")]
    [InlineData("FinancialAuthorization 0 -500; FinancialReversal 0 200", "Purchase", "Cleared", "Reversed 200, Cleared 500, NetPosted 300")]
    [InlineData("Authorization 500 0; FinancialAuthorization 0 -100", "Purchase", "PartiallyCleared", "Authorized 500, Held 500, Cleared 100, NetPosted 100")]
    [InlineData("Authorization 0 0 InsufficientFunds", "Purchase", "Declined", "")]
    [InlineData("Authorization 500 0; LateRelease -500 0 IssuerUnavailable", "Purchase", "Declined", "Authorized 500, Released 500")]
    [InlineData("FinancialAuthorization 0 -500; LateRelease 0 500 IssuerUnavailable", "Purchase", "Declined", "Released 500, Cleared 500")]
    [InlineData("CreditAuthorization 0 0", "Refund", "Pending", "RefundAuthorized 500")]
    [InlineData("Refund:Refund 0 500", "Refund", "Refunded", "Refunded 500, NetPosted -500")]
    [InlineData("Refund:Refund 0 500; FinancialReversal:Refund 0 -500", "Refund", "Reversed", "Reversed 500, Refunded 500")]
    [InlineData("FinancialAuthorization 0 -500; FinancialAdvice:Refund 0 200", "Purchase", "PartiallyRefunded", "Cleared 500, Refunded 200, NetPosted 300")]
    [InlineData("FinancialAuthorization 0 -500; FinancialAdvice:Refund 0 500", "Purchase", "Refunded", "Cleared 500, Refunded 500")]
    [InlineData("FinancialAuthorization 0 -500; FinancialAdvice:Refund 0 100; FinancialReversal:Refund 0 -100", "Purchase", "Cleared", "Reversed 100, Cleared 500, Refunded 100, NetPosted 500")]
    [InlineData("FinancialAuthorization 0 -500; FinancialAdvice 0 200", "Purchase", "Cleared", "Cleared 300, NetPosted 300")]
    [InlineData("BalanceInquiry 0 0", "BalanceInquiry", "Inquiry", "")]
    [InlineData("AccountVerification 0 0", "Verification", "Verified", "")]
    [InlineData("AccountVerification 0 0 CardFrozen", "Verification", "Declined", "")]
    [InlineData("UnmatchedReversal 0 0", "Purchase", "Reversed", "")]
    [InlineData("TopUp 0 500", "TopUp", "Cleared", "Transferred 500")]
    [InlineData("Withdraw 0 -500", "Withdraw", "Cleared", "Transferred -500")]
    public void Events_add_up(string events, string kind, string status, string amounts)
    {
        var transaction = new Transaction
        {
            Id = new Ulid(1),
            AccountId = new Ulid(2),
            CreatedAt = DateTimeOffset.UnixEpoch,
            Kind = Enum.Parse<TransactionKind>(kind),
            Events = [.. events.Split("; ").Select(Read)],
        };

        Assert.Equal(status, transaction.Status.ToString());
        Assert.Equal(amounts, Print(transaction.Amounts));
        Assert.Equal(transaction.Status == TransactionStatus.Declined, transaction.Reason != DeclineReason.None);
    }

    private static TransactionEvent Read(string text)
    {
        var parts = text.Split(' ');
        return new()
        {
            Id = new Ulid(3),
            At = DateTimeOffset.UnixEpoch,
            Type = Enum.Parse<EventType>(parts[0].Split(':')[0]),
            Kind = parts[0].Contains(':', StringComparison.Ordinal) ? TransactionKind.Refund : TransactionKind.Purchase,
            BillingAmount = 500,
            HeldDelta = long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture),
            PostedDelta = long.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture),
            Reason = parts.Length > 3 ? Enum.Parse<DeclineReason>(parts[3]) : DeclineReason.None,
        };
    }

    private static string Print(TransactionAmounts amounts) => string.Join(", ", typeof(TransactionAmounts).GetProperties()
        .Where(property => (long)property.GetValue(amounts)! != 0)
        .Select(property => $"{property.Name} {property.GetValue(amounts)}"));
}
