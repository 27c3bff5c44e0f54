using System.Runtime.InteropServices;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>One thing that happened to an account, as the journal keeps it. Little-endian, in this order, without gaps.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct EventRecord
{
    /// <summary>What happened.</summary>
    public EventType Type;

    /// <summary>Class of the message; <see cref="MessageClass.Internal"/> for the program's and our own.</summary>
    public MessageClass Class;

    /// <summary>What the cardholder does.</summary>
    public TransactionKind Kind;

    /// <summary>State of the hold of <see cref="Key"/> after this event.</summary>
    public HoldState State;

    /// <summary>Circumstances.</summary>
    public HoldTraits Traits;

    /// <summary>The message's MTI as four digits; 0 for none.</summary>
    public ushort Mti;

    /// <summary>The network's profile; 0 for none.</summary>
    public ushort Network;

    /// <summary>Why it was declined, or <see cref="DeclineReason.None"/>.</summary>
    public DeclineReason Reason;

    /// <summary>The card; <see cref="Ulid.None"/> for an event of the account.</summary>
    public Ulid CardId;

    /// <summary>The transaction that this belongs to; <see cref="Ulid.None"/> for events that are no transaction.</summary>
    public Ulid Transaction;

    /// <summary>The request key of the message, or the operation's id.</summary>
    public UInt128 Key;

    /// <summary>The request key of the hold that was changed, where it is another than <see cref="Key"/>; else zero.</summary>
    public UInt128 OriginalKey;

    /// <summary>Decision time, Unix milliseconds.</summary>
    public long At;

    /// <summary>Expiry of the hold after this event; 0 for none.</summary>
    public long ExpiresAt;

    /// <summary>Amount of the event in transaction currency: asked when declined, approved when approved, undone when reversed.</summary>
    public long TransactionAmount;

    /// <summary>The same in the account's currency.</summary>
    public long BillingAmount;

    /// <summary>Amount asked in transaction currency, DE 4.</summary>
    public long AskedTransaction;

    /// <summary>ISO 4217 numeric code of the transaction currency.</summary>
    public ushort TransactionCurrency;

    /// <summary>ISO 4217 numeric code of the balance; 0 when no balance is concerned.</summary>
    public ushort BillingCurrency;

    /// <summary>Change of the balance's held amount.</summary>
    public long HeldDelta;

    /// <summary>Change of the balance's posted amount.</summary>
    public long PostedDelta;

    /// <summary>Posted after this event.</summary>
    public long PostedAfter;

    /// <summary>Held after this event.</summary>
    public long HeldAfter;

    /// <summary>Available after this event.</summary>
    public long AvailableAfter;

    /// <summary>DE 11.</summary>
    public uint Stan;

    /// <summary>DE 7 as a number.</summary>
    public uint Transmission;

    /// <summary>DE 32.</summary>
    public ulong Acquirer;

    /// <summary>A 64-bit hash of the network's transaction id.</summary>
    public ulong NetworkId;

    /// <summary>DE 37.</summary>
    public Ascii12 RetrievalReference;

    /// <summary>DE 41.</summary>
    public Ascii8 Terminal;

    /// <summary>DE 38 of the answer, or of the advice.</summary>
    public Ascii6 ApprovalCode;

    /// <summary>DE 18.</summary>
    public ushort MerchantCategory;

    /// <summary>DE 22.</summary>
    public ushort PosEntryMode;

    /// <summary>DE 42.</summary>
    public Ascii15 CardAcceptor;

    /// <summary>DE 43.</summary>
    public Ascii40 CardAcceptorName;

    /// <summary>Card status after a <see cref="EventType.CardStatusChanged"/> or <see cref="EventType.CardAdded"/>; else 0.</summary>
    public CardStatus CardStatus;

    /// <summary>Account status after an <see cref="EventType.AccountStatusChanged"/>; else 0.</summary>
    public AccountStatus AccountStatus;

    /// <summary>What became of the credentials that the message carried.</summary>
    public CredentialChecks Checks;
}
