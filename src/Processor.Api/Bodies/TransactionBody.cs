using System.Globalization;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Api;

/// <summary>A transaction from its first message to its last; state and amounts are computed from its events.</summary>
internal sealed record TransactionBody
{
    public required string Id { get; init; }

    public required string? CardId { get; init; }

    public required string AccountId { get; init; }

    public required string Kind { get; init; }

    public required string Status { get; init; }

    public required MerchantBody? Merchant { get; init; }

    public required PosBody? Pos { get; init; }

    public required IReadOnlyDictionary<string, string>? Verification { get; init; }

    public required AmountsBody? Amounts { get; init; }

    public required MerchantAmountsBody? MerchantAmounts { get; init; }

    public required FxBody? Fx { get; init; }

    public required NetworkBody? Network { get; init; }

    public required HoldBody? Hold { get; init; }

    public required IReadOnlyList<string> Flags { get; init; }

    public required DeclineBody? Decline { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required IReadOnlyList<TransactionEventBody> Events { get; init; }

    /// <summary>A transaction as it is shown.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="networks">Names the network, and its codes.</param>
    /// <param name="program">Whose it is.</param>
    internal static TransactionBody Of(Transaction transaction, INetworkProfiles networks, ProgramProfile program)
    {
        var events = transaction.Events;
        var currency = transaction.BillingCurrency;
        var isOfNetwork = transaction.Kind is not (TransactionKind.TopUp or TransactionKind.Withdraw);
        return new()
        {
            Id = PublicId.Write(PublicId.Transaction, transaction.Id),
            CardId = transaction.CardId is { } cardId ? PublicId.Write(PublicId.Card, cardId) : null,
            AccountId = PublicId.Write(PublicId.Account, transaction.AccountId),
            Kind = KindOf(transaction.Kind),
            Status = StatusOf(transaction.Status),
            Merchant = isOfNetwork ? MerchantBody.Of(transaction) : null,
            Pos = isOfNetwork ? new(transaction.PosEntryMode == 0 ? null : transaction.PosEntryMode.ToString("D3", CultureInfo.InvariantCulture)) : null,
            Verification = isOfNetwork ? CredentialBody.AllOf(PresentedIn(events)) : null,
            Amounts = currency == Currency.None ? null : AmountsBody.Of(transaction, currency),
            MerchantAmounts = transaction.Currency == Currency.None ? null : new(Money.Of(transaction.Asked, transaction.Currency)),
            Fx = FxBody.Of(transaction, currency),
            Network = isOfNetwork
                ? new(
                    networks.NameOf(transaction.Network),
                    events.Select(happened => happened.RetrievalReference).FirstOrDefault(text => text is not null),
                    events.Select(happened => happened.ApprovalCode).FirstOrDefault(text => text is not null))
                : null,
            Hold = transaction.Amounts.Held > 0 ? new(Money.Of(transaction.Amounts.Held, currency), transaction.HoldExpiresAt) : null,
            Flags = [.. FlagsOf(events)],
            Decline = DeclineBody.Of(transaction.Reason),
            Version = events.Count,
            CreatedAt = transaction.CreatedAt,
            Events = [.. events.Select((happened, index) => TransactionEventBody.Of(happened, index + 1, currency, ResponseCodeOf(transaction, index, networks, program)))],
        };
    }

    /// <summary>DE 39 as the network's table says it; null where nothing was answered.</summary>
    private static string? ResponseCodeOf(Transaction transaction, int index, INetworkProfiles networks, ProgramProfile program)
    {
        var happened = transaction.Events[index];
        var kind = TransactionEventBody.AnswerOf(happened);

        // The answer that came too late was never sent: the event after it tells what was.
        var isNeverSent = happened.Type != EventType.LateRelease && index + 1 < transaction.Events.Count && transaction.Events[index + 1].Type == EventType.LateRelease;
        if (kind == AnswerKind.None || isNeverSent)
            return null;
        var reason = happened.Type == EventType.LateRelease ? DeclineReason.IssuerUnavailable : happened.Reason;
        return networks.ResponseCodeOf(transaction.Network, kind, reason, !program.AnswersVerificationWith85);
    }

    /// <summary>The credentials of the first message that carried any; completions and reversals carry none.</summary>
    private static CredentialChecks PresentedIn(IReadOnlyList<TransactionEvent> events) =>
        events.Select(happened => happened.Checks).FirstOrDefault(checks => checks.Packed != 0);

    private static string KindOf(TransactionKind kind) => kind switch
    {
        TransactionKind.None => "unknown",
        TransactionKind.Purchase => "purchase",
        TransactionKind.Cash => "cash",
        TransactionKind.Cashback => "cashback",
        TransactionKind.Refund => "refund",
        TransactionKind.BalanceInquiry => "balance_inquiry",
        TransactionKind.Verification => "verification",
        TransactionKind.TopUp => "top_up",
        TransactionKind.Withdraw => "withdraw",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No word for that kind."),
    };

    private static string StatusOf(TransactionStatus status) => status switch
    {
        TransactionStatus.Pending => "pending",
        TransactionStatus.PartiallyCleared => "partially_cleared",
        TransactionStatus.Cleared => "cleared",
        TransactionStatus.Reversed => "reversed",
        TransactionStatus.Expired => "expired",
        TransactionStatus.Declined => "declined",
        TransactionStatus.Refunded => "refunded",
        TransactionStatus.PartiallyRefunded => "partially_refunded",
        TransactionStatus.Verified => "verified",
        TransactionStatus.Inquiry => "inquiry",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No word for that status."),
    };

    private static IEnumerable<string> FlagsOf(IReadOnlyList<TransactionEvent> events)
    {
        var traits = events.Aggregate(HoldTraits.None, (all, happened) => all | happened.Traits);
        if ((traits & HoldTraits.Partial) != 0)
            yield return "partial_approval";
        if ((traits & HoldTraits.BelowFloor) != 0)
            yield return "below_floor";
        if ((traits & HoldTraits.Unlinked) != 0)
            yield return "unlinked";
        if ((traits & HoldTraits.Late) != 0)
            yield return "late_answer";
        if ((traits & HoldTraits.Script) != 0)
            yield return "chip_command";
    }

    /// <summary>Who asked: DE 18, 32, 41, 42 and 43.</summary>
    internal sealed record MerchantBody(string? Id, string? Name, string? City, string? Country, string? Mcc, string? AcquirerId, string? TerminalId)
    {
        internal static MerchantBody Of(Transaction transaction) => new(
            transaction.MerchantId,
            transaction.MerchantName,
            transaction.MerchantCity,
            transaction.MerchantCountry,
            transaction.MerchantCategory == 0 ? null : transaction.MerchantCategory.ToString("D4", CultureInfo.InvariantCulture),
            transaction.Acquirer?.ToString(CultureInfo.InvariantCulture),
            transaction.Terminal);
    }

    /// <summary>How it was asked: DE 22.</summary>
    internal sealed record PosBody(string? EntryMode);

    /// <summary>What the events add up to, in the account's currency. <c>net_posted</c> is what networks took; negative when they gave.</summary>
    internal sealed record AmountsBody(
        Money Requested,
        Money Authorized,
        Money HoldAdjustment,
        Money Reversed,
        Money Expired,
        Money Held,
        Money Cleared,
        Money Released,
        Money RefundAuthorized,
        Money Refunded,
        Money Transferred,
        Money NetPosted)
    {
        internal static AmountsBody Of(Transaction transaction, Currency currency)
        {
            // What was asked is known in the account's currency when it is the merchant's too; else the first event tells what was
            // approved, or declined.
            var asked = transaction.Currency == currency ? transaction.Asked : transaction.Events[0].BillingAmount;
            var sums = transaction.Amounts;
            return new(
                Money.Of(asked, currency),
                Money.Of(sums.Authorized, currency),
                Money.Of(sums.HoldAdjustment, currency),
                Money.Of(sums.Reversed, currency),
                Money.Of(sums.Expired, currency),
                Money.Of(sums.Held, currency),
                Money.Of(sums.Cleared, currency),
                Money.Of(sums.Released, currency),
                Money.Of(sums.RefundAuthorized, currency),
                Money.Of(sums.Refunded, currency),
                Money.Of(Math.Abs(sums.Transferred), currency),
                Money.Of(sums.NetPosted, currency));
        }
    }

    /// <summary>In the merchant's currency.</summary>
    internal sealed record MerchantAmountsBody(Money Requested);

    /// <summary>Which network, and what it knows it by: DE 37 and DE 38.</summary>
    internal sealed record NetworkBody(string? Name, string? Rrn, string? AuthCode);

    /// <summary>What is held now, and when that ends by itself.</summary>
    internal sealed record HoldBody(Money Amount, DateTimeOffset? ExpiresAt);

    /// <summary>The account's currency for one unit of the merchant's, as a decimal.</summary>
    internal sealed record FxBody(string AuthRate)
    {
        // Fifteen digits after the point are more than any network sends.
        private const string RateFormat = "0.###############";

        /// <summary>The rate of the first event that has both amounts; null where there is but one currency.</summary>
        internal static FxBody? Of(Transaction transaction, Currency currency)
        {
            var asked = transaction.Currency;
            if (currency == Currency.None || asked == Currency.None || asked == currency)
                return null;
            var first = transaction.Events.FirstOrDefault(happened => happened is { Amount: > 0, BillingAmount: > 0 });
            return first is null ? null : new(RateOf(first.BillingAmount, currency, first.Amount, asked).ToString(RateFormat, CultureInfo.InvariantCulture));
        }

        private static decimal RateOf(long billing, Currency currency, long amount, Currency asked) =>
            (decimal)billing / amount * (PowerOfTen(asked.Exponent) / PowerOfTen(currency.Exponent));

        private static decimal PowerOfTen(int exponent) => exponent == 0 ? 1 : 10 * PowerOfTen(exponent - 1);
    }
}
