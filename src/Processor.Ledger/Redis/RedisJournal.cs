using System.Globalization;

namespace Processor.Ledger;

/// <summary>The partitions' streams in Redis.</summary>
internal sealed class RedisJournal(RedisLink redis, int partitions) : IJournal
{
    /// <summary>Field of a partition's metadata: Unix milliseconds through which Postgres answers history.</summary>
    internal const string ProjectedField = "projected";

    public int Partitions => partitions;

    public async Task<IReadOnlyList<JournalEntry>> ReadAsync(int partition, JournalId after, int count, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return await redis.ReadStreamAsync(RedisNames.Journal(partition), after, count);
    }

    public Task<JournalId> FindEndAsync(int partition, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return redis.FindStreamEndAsync(RedisNames.Journal(partition));
    }

    public Task TrimAsync(int partition, JournalId through, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return redis.TrimStreamAsync(RedisNames.Journal(partition), through);
    }

    public Task AnnounceProjectedAsync(int partition, long through, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return redis.SetFieldAsync(RedisNames.Meta(partition), ProjectedField, through.ToString(CultureInfo.InvariantCulture), onlyNew: false);
    }
}
