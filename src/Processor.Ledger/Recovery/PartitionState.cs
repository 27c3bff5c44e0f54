namespace Processor.Ledger;

/// <summary>Whether a partition can be decided in. The numbers are kept in Postgres.</summary>
public enum PartitionState : short
{
    /// <summary>Redis has what Postgres expects.</summary>
    Ready = 0,

    /// <summary>Redis lost or rewound its state: hosts hand in what they still have, and one of them rebuilds.</summary>
    Lost = 1,

    /// <summary>Something that was acknowledged may be lost for good: it is noted, and an operator says that the rest is to be rebuilt.</summary>
    Waiting = 2,
}
