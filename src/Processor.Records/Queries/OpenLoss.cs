using Processor.Ledger;

namespace Processor.Records;

/// <summary>Entries that were acknowledged and may be gone, which no operator has accepted yet.</summary>
public sealed record OpenLoss
{
    /// <summary>The partition.</summary>
    public short Partition { get; init; }

    /// <summary>The last entry that is there.</summary>
    public JournalId Last => new(Epoch, Seq);

    /// <summary>Why, with the hosts that may have had them.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When it was found, by the clock of Postgres.</summary>
    public DateTime FoundAt { get; init; }

    internal long Epoch { get; init; }

    internal long Seq { get; init; }
}
