using System.Runtime.InteropServices;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>
/// What an operation asked, was answered and still holds: hash field <c>h</c> and the 16 bytes of its request key.
/// Everything that was approved or accepted leaves one, so that a repeat gets the first answer.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct HoldRecord
{
    /// <summary>What became of it.</summary>
    public HoldState State;

    /// <summary>What the cardholder does.</summary>
    public TransactionKind Kind;

    /// <summary>The class of the message that made it.</summary>
    public MessageClass Class;

    /// <summary>Circumstances.</summary>
    public HoldTraits Traits;

    /// <summary>The card's ordinal; 0 for an operation of the account.</summary>
    public ushort Card;

    /// <summary>Number of the network's profile.</summary>
    public ushort Network;

    /// <summary>The transaction that all messages about one purchase share.</summary>
    public Ulid Transaction;

    /// <summary>Unix milliseconds of the decision.</summary>
    public long CreatedAt;

    /// <summary>Unix milliseconds at which an open hold is released; <see cref="long.MaxValue"/> for never.</summary>
    public long ExpiresAt;

    /// <summary>Unix milliseconds at which a pending hold is declined; <see cref="long.MaxValue"/> for none.</summary>
    public long Deadline;

    /// <summary>Unix milliseconds at which it stopped holding, or was changed after that; 0 while it holds.</summary>
    public long ResolvedAt;

    /// <summary>Asked, in transaction currency (DE 4).</summary>
    public long AskedTransaction;

    /// <summary>Asked, in the currency of the account (DE 6, or DE 4 when that is in the account's currency).</summary>
    public long AskedBilling;

    /// <summary>Approved, in transaction currency: DE 4 of the answer.</summary>
    public long ApprovedTransaction;

    /// <summary>Approved, in the currency of the account: DE 6 of the answer, when the request had one.</summary>
    public long ApprovedBilling;

    /// <summary>Held now, in the currency of the account.</summary>
    public long Held;

    /// <summary>Posted by this operation so far; a debit is negative.</summary>
    public long PostedDelta;

    /// <summary>ISO 4217 numeric code of DE 49.</summary>
    public ushort TransactionCurrency;

    /// <summary>ISO 4217 numeric code of the balance that is held or posted; 0 for none.</summary>
    public ushort BillingCurrency;

    /// <summary>System trace audit number, DE 11.</summary>
    public uint Stan;

    /// <summary>DE 7 as a number MMDDhhmmss.</summary>
    public uint Transmission;

    /// <summary>DE 32 as a number, so without leading zeros; 0 when absent.</summary>
    public ulong Acquirer;

    /// <summary>DE 37.</summary>
    public Ascii12 RetrievalReference;

    /// <summary>DE 41.</summary>
    public Ascii8 Terminal;

    /// <summary>DE 38 of the answer.</summary>
    public Ascii6 ApprovalCode;

    /// <summary>A 64-bit hash of the network's own transaction id; 0 when it has none.</summary>
    public ulong NetworkId;

    /// <summary>The answer: <see cref="DeclineReason.None"/>, or why it was declined.</summary>
    public DeclineReason Reason;

    /// <summary>Posted balance that the answer's DE 54 tells.</summary>
    public long AnswerLedger;

    /// <summary>Available balance that the answer's DE 54 tells.</summary>
    public long AnswerAvailable;

    /// <summary>True while money is held.</summary>
    public readonly bool IsHolding => State is HoldState.Open or HoldState.Pending;
}
