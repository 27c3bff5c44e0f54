using System.Globalization;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Api;

/// <summary>One thing that happened to a transaction, as the façade shows it.</summary>
internal sealed record TransactionEventBody
{
    public required string Id { get; init; }

    public required int Seq { get; init; }

    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }

    public required Money? Amount { get; init; }

    public required string Actor { get; init; }

    public required string Result { get; init; }

    public required DeclineBody? Decline { get; init; }

    public required string? De39 { get; init; }

    public required IReadOnlyList<CredentialBody> Credentials { get; init; }

    public required string? Mti { get; init; }

    public required string? Stan { get; init; }

    public required AfterBody? BalanceAfter { get; init; }

    public required DecisionTraceBody? Trace { get; init; }

    internal static TransactionEventBody Of(TransactionEvent happened, int seq, Currency currency, string? responseCode) => new()
    {
        Id = PublicId.Write(PublicId.Event, happened.Id),
        Seq = seq,
        Type = TypeOf(happened.Type),
        At = happened.At,
        Amount = currency == Currency.None ? null : Money.Of(happened.BillingAmount, currency),
        Actor = ActorOf(happened.Type),
        Result = happened.Reason == DeclineReason.None ? "approved" : "declined",
        Decline = DeclineBody.Of(happened.Reason),
        De39 = responseCode,
        Credentials = [.. CredentialBody.ListOf(happened.Checks)],
        Mti = happened.Mti == 0 ? null : happened.Mti.ToString("D4", CultureInfo.InvariantCulture),
        Stan = happened.Mti == 0 ? null : happened.Stan.ToString("D6", CultureInfo.InvariantCulture),
        BalanceAfter = currency == Currency.None
            ? null
            : new(Money.Of(happened.PostedAfter, currency), Money.Of(happened.HeldAfter, currency), Money.Of(happened.AvailableAfter, currency)),
        Trace = DecisionTraceBody.Of(happened),
    };

    /// <summary>What the sender of an event's message was answered; <see cref="AnswerKind.None"/> for an event that no message brought.</summary>
    internal static AnswerKind AnswerOf(TransactionEvent happened) => happened.Type switch
    {
        // Nobody sent it, but it says that the request's sender was told 91.
        EventType.LateRelease => AnswerKind.Declined,
        _ when happened.Mti == 0 => AnswerKind.None,
        _ when happened.Reason is not (DeclineReason.None or DeclineReason.DeclinedElsewhere) => AnswerKind.Declined,
        EventType.AccountVerification => AnswerKind.Verified,
        EventType.UnmatchedReversal when happened.Mti / 10 == 40 => AnswerKind.UnknownOriginal,
        EventType.Authorization or EventType.FinancialAuthorization when (happened.Traits & HoldTraits.Partial) != 0 => AnswerKind.Partial,
        EventType.Authorization or EventType.FinancialAuthorization or EventType.CreditAuthorization or EventType.Refund or EventType.BalanceInquiry => AnswerKind.Approved,
        _ => AnswerKind.Accepted,
    };

    private static string ActorOf(EventType type) => type switch
    {
        EventType.TopUp or EventType.Withdraw => "program",
        EventType.AuthorizationAdvice or EventType.AuthorizationReversal => "network",
        EventType.FinancialAdvice or EventType.FinancialReversal or EventType.UnmatchedReversal => "network",
        _ => "issuer",
    };

    private static string TypeOf(EventType type) => type switch
    {
        EventType.Authorization => "authorization",
        EventType.AuthorizationAdvice => "authorization_advice",
        EventType.AuthorizationReversal => "authorization_reversal",
        EventType.AuthorizationExpiry => "authorization_expiry",
        EventType.FinancialAuthorization => "financial_authorization",
        EventType.FinancialAdvice => "financial_authorization_advice",
        EventType.FinancialReversal => "financial_authorization_reversal",
        EventType.CreditAuthorization => "credit_authorization",
        EventType.BalanceInquiry => "balance_inquiry",
        EventType.AccountVerification => "account_verification",
        EventType.UnmatchedReversal => "unmatched_reversal",
        EventType.LateRelease => "late_release",
        EventType.PendingTimeout => "decision_timeout",
        EventType.Refund => "refund",
        EventType.TopUp => "top_up",
        EventType.Withdraw => "withdraw",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an event of a transaction."),
    };

    /// <summary>The account's balances after the event.</summary>
    internal sealed record AfterBody(Money Posted, Money Held, Money Available);
}
