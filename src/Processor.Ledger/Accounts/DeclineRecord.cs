using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>The latest eight declines of a card: hash field <c>d</c> and the card's ordinal.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct DeclineRecord
{
    /// <summary>Declines remembered at most.</summary>
    public const int Capacity = 8;

    /// <summary>The slot that the next decline takes.</summary>
    public int Next;

    /// <summary>The ring.</summary>
    public DeclineEntries Entries;
}

/// <summary>Eight declines in a ring.</summary>
[InlineArray(DeclineRecord.Capacity)]
public struct DeclineEntries
{
    private DeclineEntry first;
}
