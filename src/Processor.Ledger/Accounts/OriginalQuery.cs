using Processor.Cards;

namespace Processor.Ledger;

/// <summary>How a reversal, advice or completion names its original. Parts that are zero are skipped.</summary>
/// <remarks>Searched in three ways, the first that names anything and finds: DE 90; the network's id; acquirer, RRN and terminal with
/// the approval code. DE 90 names one message, of several the latest. The other two name a purchase, of whose messages the one with
/// the highest <see cref="Precedence"/> is taken, then the latest.</remarks>
public struct OriginalQuery
{
    /// <summary>The card's ordinal; originals of another card are never found.</summary>
    public ushort Card;

    /// <summary>The network's profile.</summary>
    public ushort Network;

    /// <summary>Class of DE 90's MTI; <see cref="MessageClass.None"/> for any request or advice.</summary>
    public MessageClass Class;

    /// <summary>STAN in DE 90.</summary>
    public uint Stan;

    /// <summary>DE 7 in DE 90.</summary>
    public uint Transmission;

    /// <summary>Acquirer in DE 90, without leading zeros.</summary>
    public ulong OriginalAcquirer;

    /// <summary>Hash of the network's transaction id.</summary>
    public ulong NetworkId;

    /// <summary>DE 32 of the message itself.</summary>
    public ulong Acquirer;

    /// <summary>DE 37 of the message itself.</summary>
    public Ascii12 RetrievalReference;

    /// <summary>DE 41 of the message itself.</summary>
    public Ascii8 Terminal;

    /// <summary>DE 38 of the message itself.</summary>
    public Ascii6 ApprovalCode;

    /// <summary>True when DE 90 names a STAN or a time.</summary>
    public readonly bool HasOriginalElements => Stan != 0 || Transmission != 0;

    /// <summary>True when <paramref name="hold"/> is what this names, by DE 90.</summary>
    public readonly bool MatchesElements(in HoldRecord hold) =>
        HasOriginalElements
        && (Class == MessageClass.None || hold.Class == Class)
        && (Stan == 0 || hold.Stan == Stan)
        && (Transmission == 0 || hold.Transmission == Transmission)
        && (OriginalAcquirer == 0 || hold.Acquirer == OriginalAcquirer)
        && IsOriginal(in hold);

    /// <summary>True when <paramref name="hold"/> has the network's id that this names.</summary>
    public readonly bool MatchesNetworkId(in HoldRecord hold) =>
        NetworkId != 0 && hold.NetworkId == NetworkId && IsOriginal(in hold);

    /// <summary>True when <paramref name="hold"/> has the acquirer, RRN and terminal of this, and its approval code when both have one.</summary>
    public readonly bool MatchesReference(in HoldRecord hold)
    {
        ReadOnlySpan<byte> reference = RetrievalReference;
        ReadOnlySpan<byte> code = ApprovalCode;
        return reference.ContainsAnyExcept((byte)0, (byte)' ')
            && hold.Acquirer == Acquirer
            && reference.SequenceEqual(hold.RetrievalReference)
            && ((ReadOnlySpan<byte>)Terminal).SequenceEqual(hold.Terminal)
            && (!code.ContainsAnyExcept((byte)0, (byte)' ') || code.SequenceEqual(hold.ApprovalCode))
            && IsOriginal(in hold);
    }

    /// <summary>Which of several messages of one purchase is meant: what holds money, else the request, else an advice.</summary>
    public static int Precedence(in HoldRecord hold)
    {
        if (hold.IsHolding)
            return 2;
        return hold.Class is MessageClass.Authorization or MessageClass.Financial ? 1 : 0;
    }

    private readonly bool IsOriginal(in HoldRecord hold) =>
        hold.Card == Card && hold.Network == Network
        && (hold.Class is MessageClass.Authorization or MessageClass.AuthorizationAdvice or MessageClass.Financial or MessageClass.FinancialAdvice)
        && hold.State != HoldState.Tombstone;
}
