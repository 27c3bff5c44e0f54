using System.Runtime.CompilerServices;
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

    /// <summary>Of <see cref="Counters"/>.</summary>
    public ushort Atc;

    /// <summary>Counts changes of state, for the façade.</summary>
    public int Revision;

    /// <summary>Of <see cref="Counters"/>.</summary>
    public ulong AtcWindow;

    /// <summary>Of <see cref="Counters"/>.</summary>
    public ulong RetryMark;

    /// <summary>Number of the latest order whose command was sent to the chip; 0 for none.</summary>
    public int ScriptNumber;

    /// <summary>A mark of the counter and cryptogram of the message whose answer had it, so that its repeats get it too.</summary>
    public ulong ScriptMark;

    /// <summary>Number of the latest order of which the chip told what became of it; 0 for none.</summary>
    public int ScriptResultNumber;

    /// <summary>What it told: the first byte of tag 9F5B.</summary>
    public byte ScriptResult;

    /// <summary>Counts the PINs that were set for the card; 0 while it has none of its own.</summary>
    public int PinVersion;

    /// <summary>What the PIN of that version is checked against.</summary>
    public CardPin Pin;

    // The record as it was before it knew the window, commands, and PINs of cards: it only grows at its end.
    private const int LengthFirst = 35;
    private const int LengthSecond = 51;
    private const int LengthThird = 63;

    /// <summary>What was seen of the chip's counter. A record in Redis or in the journal has it as it was when something else of the card changed;
    /// the field of the counters, where there is one, is newer.</summary>
    public ChipCounters Counters
    {
        readonly get => new() { Atc = Atc, AtcWindow = AtcWindow, RetryMark = RetryMark };
        internal set => (Atc, AtcWindow, RetryMark) = (value.Atc, value.AtcWindow, value.RetryMark);
    }

    /// <summary>Reads a record as Redis or the journal has it; one of an earlier, shorter layout has zeros for what it did not know.</summary>
    /// <returns>False for any other length.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CardRecord record)
    {
        record = default;
        if (bytes.Length is not (LengthFirst or LengthSecond or LengthThird) && bytes.Length != Unsafe.SizeOf<CardRecord>())
            return false;
        bytes.CopyTo(MemoryMarshal.AsBytes(new Span<CardRecord>(ref record)));
        return true;
    }
}
