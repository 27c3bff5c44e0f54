using Processor.Ledger;

namespace Processor.Records;

/// <summary>What Postgres knows of a partition.</summary>
public sealed record PartitionProgress
{
    /// <summary>Its number, from 0.</summary>
    public short Partition { get; init; }

    /// <summary>Its epoch.</summary>
    public long Epoch { get; init; }

    /// <summary>Whether it can be decided in.</summary>
    public PartitionState State { get; init; }

    /// <summary>Why its epoch ended; null while it is ready.</summary>
    public string? Reason { get; init; }

    /// <summary>Everything that was committed before this moment is recorded; null when that is not known yet.</summary>
    public DateTime? DrainedAt { get; init; }

    /// <summary>Parts of its journal that could not be projected.</summary>
    public long Exceptions { get; init; }

    /// <summary>The last journal entry that is recorded.</summary>
    public JournalId Recorded => new(RecordedEpoch, RecordedSeq);

    /// <summary>The last journal entry that is projected.</summary>
    public JournalId Projected => new(ProjectedEpoch, ProjectedSeq);

    internal long RecordedEpoch { get; init; }

    internal long RecordedSeq { get; init; }

    internal long ProjectedEpoch { get; init; }

    internal long ProjectedSeq { get; init; }
}
