using Processor.Cards;

namespace Processor.Ledger;

/// <summary>Looks at a ledger in Redis without joining it: for those who check and count, not for those who decide.</summary>
public sealed class LedgerReader : IDisposable
{
    private readonly RedisLink redis;
    private readonly int partitions;

    private LedgerReader(RedisLink redis, int partitions)
    {
        this.redis = redis;
        this.partitions = partitions;
        Journal = new RedisJournal(redis, [.. Enumerable.Range(0, partitions).Select(_ => new RetainedJournal())]);
    }

    /// <summary>The partitions' streams.</summary>
    public IJournal Journal { get; }

    /// <summary>Connects.</summary>
    /// <param name="configuration">Redis; see docs/operating.md.</param>
    /// <param name="partitions">Partitions of the ledger, as Postgres knows it.</param>
    /// <param name="clock">The time.</param>
    /// <exception cref="FormatException">The configuration cannot be read.</exception>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    public static async Task<LedgerReader> OpenAsync(string configuration, int partitions, TimeProvider clock)
    {
        var redis = await RedisLink.ConnectAsync(configuration, clock);
        try
        {
            await redis.PingAsync();
            return new LedgerReader(redis, partitions);
        }
        catch
        {
            redis.Dispose();
            throw;
        }
    }

    /// <summary>The partition that an account lives in.</summary>
    public int PartitionOf(Ulid account) => RedisNames.PartitionOf(account, partitions);

    /// <summary>Reads all fields of an account, as they were at one moment.</summary>
    /// <returns>Names and values; nothing when Redis does not have the account.</returns>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    public async Task<IReadOnlyList<KeyValuePair<byte[], byte[]>>> ReadAccountAsync(Ulid account)
    {
        var fields = await redis.ReadHashAsync(RedisNames.Account(PartitionOf(account), account));
        return [.. fields.Select(field => new KeyValuePair<byte[], byte[]>(field.Name, field.Value))];
    }

    /// <summary>All accounts that Redis has, some at a time. An account may come twice, and one whose slot moves meanwhile may not come.</summary>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    public async IAsyncEnumerable<IReadOnlyList<Ulid>> ListAccountsAsync()
    {
        await foreach (var keys in redis.ScanAsync(RedisNames.Accounts))
            yield return [.. keys.Select(RedisNames.AccountOf).OfType<Ulid>()];
    }

    /// <summary>Measures one partition.</summary>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    public async Task<PartitionMeasure> MeasureAsync(int partition)
    {
        var meta = RedisNames.Meta(partition);
        var epoch = (string?)await redis.ReadFieldAsync(meta, "epoch");
        var projected = await redis.ReadFieldAsync(meta, RedisJournal.ProjectedField);
        var journal = RedisNames.Journal(partition);
        return new PartitionMeasure(
            epoch,
            await redis.FindStreamEndAsync(journal),
            await redis.StreamLengthAsync(journal),
            await redis.BytesOfAsync(journal),
            projected.IsNull ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)projected));
    }

    /// <inheritdoc/>
    public void Dispose() => redis.Dispose();
}
