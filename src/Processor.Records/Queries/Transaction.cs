using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>A transaction from its first message to its last. What is known of the merchant is of the first message.</summary>
public sealed record Transaction
{
    /// <summary>Its identifier; later transactions have larger ones.</summary>
    public required Ulid Id { get; init; }

    /// <summary>The account.</summary>
    public required Ulid AccountId { get; init; }

    /// <summary>The card; null for what concerns the account alone.</summary>
    public Ulid? CardId { get; init; }

    /// <summary>When its first message was decided.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>What the cardholder did.</summary>
    public TransactionKind Kind { get; init; }

    /// <summary>Asked at first, in minor units of <see cref="Currency"/>; 0 for what no network asked.</summary>
    public long Asked { get; init; }

    /// <summary>Currency in which it was asked; <see cref="Currency.None"/> for what no network asked.</summary>
    public Currency Currency { get; init; }

    /// <summary>The account's currency; <see cref="Currency.None"/> when no balance was concerned.</summary>
    public Currency BillingCurrency { get; init; }

    /// <summary>Number of the network's profile; 0 for none.</summary>
    public int Network { get; init; }

    /// <summary>DE 32; null for none.</summary>
    public long? Acquirer { get; init; }

    /// <summary>DE 18; 0 for none.</summary>
    public int MerchantCategory { get; init; }

    /// <summary>DE 22.</summary>
    public int PosEntryMode { get; init; }

    /// <summary>DE 41; null for none.</summary>
    public string? Terminal { get; init; }

    /// <summary>DE 42; null for none.</summary>
    public string? MerchantId { get; init; }

    /// <summary>DE 43, its first 25 characters; null for none.</summary>
    public string? MerchantName { get; init; }

    /// <summary>DE 43, the next 13; null for none.</summary>
    public string? MerchantCity { get; init; }

    /// <summary>DE 43, the last two; null for none.</summary>
    public string? MerchantCountry { get; init; }

    /// <summary>What happened, in order; never empty.</summary>
    public IReadOnlyList<TransactionEvent> Events { get; init; } = [];

    /// <summary>What the events add up to.</summary>
    public TransactionAmounts Amounts => TransactionAmounts.Of(Events);

    /// <summary>When what is held ends by itself; null when nothing is held.</summary>
    public DateTimeOffset? HoldExpiresAt => Amounts.Held > 0 ? Events.LastOrDefault(item => item.ExpiresAt is not null)?.ExpiresAt : null;

    /// <summary>Why it was declined; <see cref="DeclineReason.None"/> unless <see cref="Status"/> is <see cref="TransactionStatus.Declined"/>.</summary>
    public DeclineReason Reason => Status == TransactionStatus.Declined ? Events[^1].Reason : DeclineReason.None;

    /// <summary>Where it stands: the first line that applies.</summary>
    public TransactionStatus Status
    {
        get
        {
            var amounts = Amounts;
            var last = Events[^1];
            return this switch
            {
                _ when Events.All(item => item.Reason != DeclineReason.None) => TransactionStatus.Declined,
                { Kind: TransactionKind.BalanceInquiry } => TransactionStatus.Inquiry,
                { Kind: TransactionKind.Verification } => TransactionStatus.Verified,
                { Kind: TransactionKind.TopUp or TransactionKind.Withdraw } => TransactionStatus.Cleared,
                _ when amounts.NetPosted != 0 && amounts.Held > 0 => TransactionStatus.PartiallyCleared,
                _ when amounts.NetPosted > 0 => amounts.RefundedInTheEnd > 0 ? TransactionStatus.PartiallyRefunded : TransactionStatus.Cleared,
                _ when amounts.NetPosted < 0 || amounts.RefundedInTheEnd > 0 => TransactionStatus.Refunded,
                _ when amounts.Held > 0 => TransactionStatus.Pending,
                _ when last.Type is EventType.LateRelease or EventType.PendingTimeout => TransactionStatus.Declined,
                _ when last.Type == EventType.AuthorizationExpiry => TransactionStatus.Expired,
                _ when last.Type == EventType.CreditAuthorization => TransactionStatus.Pending,
                _ => TransactionStatus.Reversed,
            };
        }
    }
}
