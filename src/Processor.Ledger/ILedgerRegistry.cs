namespace Processor.Ledger;

/// <summary>What Postgres knows of the ledger itself; <c>Processor.Records</c> implements it.</summary>
public interface ILedgerRegistry
{
    /// <summary>Joins the ledger as a new writer, and creates it first when there is none.</summary>
    /// <param name="partitions">Number of partitions for a ledger that is created; an existing one keeps its own.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<LedgerMembership> JoinAsync(int partitions, CancellationToken cancellation);

    /// <summary>Notes that a partition's metadata now stand in Redis: from here on their absence means that Redis lost them.</summary>
    Task MarkStartedAsync(int partition, CancellationToken cancellation);
}
