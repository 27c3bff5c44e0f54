using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>What was seen of a chip's transaction counter: hash field <c>k</c> and the card's ordinal as two bytes. It changes with every purchase of a chip,
/// the card beside it hardly ever, so it has a field of its own.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct ChipCounters
{
    /// <summary>The highest application transaction counter seen.</summary>
    public ushort Atc;

    /// <summary>Which of the latest 64 transaction counters were seen: bit 0 is <see cref="Atc"/>, bit n the one that is n less.</summary>
    public ulong AtcWindow;

    /// <summary>A mark of the counter and cryptogram that may come once more, because the sender was asked for more; 0 for none.</summary>
    public ulong RetryMark;
}
