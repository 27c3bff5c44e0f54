namespace Processor.Ledger;

/// <summary>The streams of all partitions, as the recorder uses them.</summary>
public interface IJournal
{
    /// <summary>Number of partitions; they are counted from 0.</summary>
    int Partitions { get; }

    /// <summary>Reads entries behind a position, oldest first, at most <paramref name="count"/>.</summary>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    Task<IReadOnlyList<JournalEntry>> ReadAsync(int partition, JournalId after, int count, CancellationToken cancellation);

    /// <summary>Finds the id of the newest entry that was ever written, whether it is still there or was trimmed.</summary>
    /// <returns><see cref="JournalId.Zero"/> when there is no stream.</returns>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    Task<JournalId> FindEndAsync(int partition, CancellationToken cancellation);

    /// <summary>Lets entries up to and including a position go.</summary>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    Task TrimAsync(int partition, JournalId through, CancellationToken cancellation);

    /// <summary>Tells hosts that Postgres answers history of everything that was committed before a moment, so that resolved
    /// holds older than that may leave Redis.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="through">Unix milliseconds.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    Task AnnounceProjectedAsync(int partition, long through, CancellationToken cancellation);
}
