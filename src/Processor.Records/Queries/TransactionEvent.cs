using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>One thing that happened to a transaction. Amounts are minor units.</summary>
public sealed record TransactionEvent
{
    /// <summary>Its identifier; later events have larger ones.</summary>
    public required Ulid Id { get; init; }

    /// <summary>Decision time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required EventType Type { get; init; }

    /// <summary>What the cardholder did.</summary>
    public TransactionKind Kind { get; init; }

    /// <summary>Circumstances.</summary>
    public HoldTraits Traits { get; init; }

    /// <summary>Why it was declined, or <see cref="DeclineReason.None"/>.</summary>
    public DeclineReason Reason { get; init; }

    /// <summary>In transaction currency: asked when declined, approved when approved, undone when reversed.</summary>
    public long Amount { get; init; }

    /// <summary>The same in the account's currency.</summary>
    public long BillingAmount { get; init; }

    /// <summary>Change of what the account holds.</summary>
    public long HeldDelta { get; init; }

    /// <summary>Change of what was posted to the account; a debit is negative.</summary>
    public long PostedDelta { get; init; }

    /// <summary>The account's posted balance afterwards.</summary>
    public long PostedAfter { get; init; }

    /// <summary>What the account holds afterwards.</summary>
    public long HeldAfter { get; init; }

    /// <summary>What is available afterwards.</summary>
    public long AvailableAfter { get; init; }

    /// <summary>The message's MTI as four digits; 0 for none.</summary>
    public short Mti { get; init; }

    /// <summary>DE 11; 0 for none.</summary>
    public int Stan { get; init; }

    /// <summary>DE 37; null for none.</summary>
    public string? RetrievalReference { get; init; }

    /// <summary>DE 38; null for none.</summary>
    public string? ApprovalCode { get; init; }

    /// <summary>When the hold ends by itself, as this event set it; null where it set nothing.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What became of the credentials that the message carried.</summary>
    public CredentialChecks Checks => new((uint)PackedChecks);

    /// <summary>The same, as Postgres has it.</summary>
    public int PackedChecks { get; init; }
}
