using Processor.Ledger;

namespace Processor.Records;

/// <summary>The moments through which a partition was recorded, with the position of each: once that position is projected, so is
/// everything that was committed before the moment. A projector that is behind can tell by them how far.</summary>
internal sealed class DrainedMoments
{
    // Nearer moments are of no use to anybody; more of them than this are dropped, latest first.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(250);
    private const int CountMax = 4_096;

    private readonly Queue<(JournalId Position, DateTime Moment)> waiting = new();
    private DateTime last;

    /// <summary>Notes how far the partition is recorded now.</summary>
    internal void Add(JournalId position, DateTime moment)
    {
        if (moment < last + Apart || waiting.Count == CountMax)
            return;
        last = moment;
        waiting.Enqueue((position, moment));
    }

    /// <summary>The latest moment whose position has been reached; null when there is none since the last call.</summary>
    internal DateTime? Pass(JournalId reached)
    {
        DateTime? passed = null;
        while (waiting.TryPeek(out var next) && next.Position <= reached)
            passed = waiting.Dequeue().Moment;
        return passed;
    }
}
