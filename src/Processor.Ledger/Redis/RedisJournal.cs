using System.Globalization;

namespace Processor.Ledger;

/// <summary>The partitions' streams in Redis. What this host wrote itself is not fetched back: it has those entries in memory.</summary>
/// <param name="redis">Where the streams are.</param>
/// <param name="retained">For each partition the entries that Redis has answered to this host.</param>
internal sealed class RedisJournal(RedisLink redis, IReadOnlyList<RetainedJournal> retained) : IJournal
{
    /// <summary>Field of a partition's metadata: Unix milliseconds through which Postgres answers history.</summary>
    internal const string ProjectedField = "projected";

    public int Partitions => retained.Count;

    public async Task<IReadOnlyList<JournalEntry>> ReadAsync(int partition, JournalId after, int count, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var key = RedisNames.Journal(partition);

        // Everything up to the end is handed out, or as many as are wanted: so it is known before that what the end is.
        var end = await redis.FindStreamEndAsync(key);
        if (end <= after)
            return [];
        var entries = retained[partition].Read(after, count);
        var last = entries.Count > 0 ? entries[^1].Id : after;
        if (entries.Count < count && last < end)
            entries.AddRange(await redis.ReadStreamAsync(key, last, count - entries.Count));
        return entries;
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
