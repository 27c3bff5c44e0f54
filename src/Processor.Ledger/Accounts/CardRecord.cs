using System.Runtime.InteropServices;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>One instance of a card: hash field <c>c</c> and its ordinal as two bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct CardRecord
{
    /// <summary>The card's identifier, as in the façade and in Postgres.</summary>
    public Ulid CardId;

    /// <summary>1 to 65,535 within the account.</summary>
    public ushort Ordinal;

    /// <summary>State of the card.</summary>
    public CardStatus Status;

    /// <summary>What the product allows this card.</summary>
    public CardOptions Options;

    /// <summary>Number of the card product.</summary>
    public int Product;

    /// <summary>Year and month as in DE 14: 3112 is good through December 2031.</summary>
    public ushort Expiry;

    /// <summary>PAN sequence number, DE 23; 0 when the card has none.</summary>
    public byte SequenceNumber;

    /// <summary>Wrong PINs since the last right one.</summary>
    public byte PinTries;

    /// <summary>The highest application transaction counter seen.</summary>
    public ushort Atc;

    /// <summary>Counts changes of state, for the façade.</summary>
    public int Revision;
}
