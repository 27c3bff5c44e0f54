using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>A chip's transaction counter against the highest that was seen and the 63 before it. A chip never counts twice the same,
/// and terminals may send what they collected in another order.</summary>
internal static class CounterWindow
{
    private const int Width = 64;

    /// <summary>May this counter come now?</summary>
    /// <param name="seen">What was seen.</param>
    /// <param name="counter">The chip's counter, of a cryptogram that is right.</param>
    /// <param name="mark">Of counter and cryptogram.</param>
    /// <param name="gapMax">How far it may be ahead.</param>
    internal static CheckResult Judge(in ChipCounters seen, ushort counter, ulong mark, int gapMax)
    {
        if (seen.AtcWindow == 0)
            return CheckResult.Match;
        var ahead = counter - seen.Atc;
        if (ahead > gapMax || ahead <= -Width)
            return CheckResult.Mismatch;
        var isSeen = ahead <= 0 && (seen.AtcWindow & (1UL << -ahead)) != 0;
        return !isSeen || seen.RetryMark == mark ? CheckResult.Match : CheckResult.Replayed;
    }

    /// <summary>Notes a counter as seen. One that is too old for the window changes nothing.</summary>
    internal static void Note(ref ChipCounters seen, ushort counter)
    {
        var ahead = counter - seen.Atc;
        if (seen.AtcWindow == 0 || ahead >= Width)
            (seen.Atc, seen.AtcWindow) = (counter, 1);
        else if (ahead > 0)
            (seen.Atc, seen.AtcWindow) = (counter, (seen.AtcWindow << ahead) | 1);
        else if (ahead > -Width)
            seen.AtcWindow |= 1UL << -ahead;
    }
}
