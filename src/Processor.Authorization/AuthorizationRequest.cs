using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>What a network asks or tells, free of the wire: one message that concerns money.</summary>
public struct AuthorizationRequest
{
    /// <summary>Class of the message.</summary>
    public MessageClass Class;

    /// <summary>The MTI as four digits: 100 for 0100.</summary>
    public ushort Mti;

    /// <summary>True for an xxx1.</summary>
    public bool IsRepeat;

    /// <summary>Number of the network's profile.</summary>
    public ushort Network;

    /// <summary>Mode of the endpoint.</summary>
    public EndpointMode Mode;

    /// <summary>What the cardholder does, from DE 3 and DE 4; for a reversal that of the original as far as DE 3 tells.</summary>
    public TransactionKind Kind;

    /// <summary>Account type, DE 3 positions 3 and 4 as a number; 0 for the default account.</summary>
    public byte AccountType;

    /// <summary>Number of the card's program.</summary>
    public int Program;

    /// <summary>Keyed hash of the PAN; a part of the request key.</summary>
    public PanHash Pan;

    /// <summary>Ordinal of the card instance in its account.</summary>
    public ushort Card;

    /// <summary>DE 14 or the track's expiry, YYMM; 0 when the message names none.</summary>
    public ushort Expiry;

    /// <summary>DE 4 in the currency of DE 49.</summary>
    public Amount Transaction;

    /// <summary>DE 6 in the currency of DE 51; the default value when the message has none.</summary>
    public Amount Billing;

    /// <summary>True when DE 6 and DE 51 are present.</summary>
    public bool HasBilling;

    /// <summary>True when the terminal can go on with a part of the amount.</summary>
    public bool SupportsPartial;

    /// <summary>DE 11.</summary>
    public uint Stan;

    /// <summary>DE 7 as a number MMDDhhmmss.</summary>
    public uint Transmission;

    /// <summary>DE 32 as a number.</summary>
    public ulong Acquirer;

    /// <summary>DE 37.</summary>
    public Ascii12 RetrievalReference;

    /// <summary>DE 41.</summary>
    public Ascii8 Terminal;

    /// <summary>DE 38 of an advice or a reversal.</summary>
    public Ascii6 ApprovalCode;

    /// <summary>A 64-bit hash of the network's transaction id; 0 when it has none.</summary>
    public ulong NetworkId;

    /// <summary>DE 90: class of the original's MTI (0101 counts as 0100); <see cref="MessageClass.None"/> when absent or zero.</summary>
    public MessageClass OriginalClass;

    /// <summary>DE 90: the original's STAN; 0 when absent.</summary>
    public uint OriginalStan;

    /// <summary>DE 90: the original's DE 7; 0 when absent.</summary>
    public uint OriginalTransmission;

    /// <summary>DE 90: the original's acquirer; 0 when absent.</summary>
    public ulong OriginalAcquirer;

    /// <summary>True when DE 95 is present.</summary>
    public bool HasReplacement;

    /// <summary>DE 95 positions 1 to 12: the amount that remains, in transaction currency.</summary>
    public long Replacement;

    /// <summary>True when DE 39 of an advice says that the request was declined.</summary>
    public bool IsDeclinedAdvice;

    /// <summary>DE 18.</summary>
    public ushort MerchantCategory;

    /// <summary>DE 22, the first three digits.</summary>
    public ushort PosEntryMode;

    /// <summary>DE 42.</summary>
    public Ascii15 CardAcceptor;

    /// <summary>DE 43.</summary>
    public Ascii40 CardAcceptorName;

    /// <summary>How the card came into the terminal.</summary>
    public CardEntry Entry;

    /// <summary>What the security module said of the message's credentials; filled in before the decision.</summary>
    public CredentialOutcome Credentials;
}
