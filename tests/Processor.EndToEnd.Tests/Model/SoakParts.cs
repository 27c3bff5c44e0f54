using Processor.Testing;

namespace Processor.EndToEnd.Tests;

/// <summary>What a chapter of a soak plays with, and may harm.</summary>
internal sealed class SoakParts : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> own = [];
    private PausableJournal? recorded;

    /// <summary>Null when there is one Redis.</summary>
    internal LocalRedisCluster? Cluster { get; private set; }

    /// <summary>Every Redis that serves a part of the ledger.</summary>
    internal IReadOnlyList<LocalRedis> Redis { get; private set; } = [];

    /// <summary>The ways to Redis: one for each host, or to each master of a Cluster.</summary>
    internal IReadOnlyList<RedisProxy> Lines { get; private set; } = [];

    internal LocalPostgres Postgres { get; private set; } = null!;

    /// <summary>Npgsql's words for the database.</summary>
    internal string Database { get; private set; } = "";

    /// <summary>A clock for each host.</summary>
    internal required IReadOnlyList<MovableClock> Clocks { get; init; }

    internal LedgerPair Pair { get; private set; } = null!;

    /// <summary>What the recorder reads from.</summary>
    internal PausableJournal Recorded => recorded!;

    /// <summary>Draws whether there is one Redis or a Cluster, how much of the journal it may hold, and how wrong the clocks are.</summary>
    internal static async Task<SoakParts> OpenAsync(Random random)
    {
        var parts = new SoakParts { Clocks = [new MovableClock(TimeSpan.FromSeconds(random.Next(-60, 60))), new MovableClock(TimeSpan.FromSeconds(random.Next(-60, 60)))] };
        try
        {
            var connections = random.Next(2) == 0 ? await parts.StartClusterAsync(random) : await parts.StartOneAsync(random);
            parts.own.Add(parts.Postgres = await LocalPostgres.StartOwnAsync());
            parts.Database = await parts.Postgres.CreateDatabaseAsync() + ";Timeout=5";
            var entriesMax = random.Next(2) == 0 ? 500_000 : 2_000;
            parts.Pair = await LedgerPair.OpenAsync(new PairSettings
            {
                Redis = connections,
                Postgres = parts.Database,
                Clocks = parts.Clocks,
                Ledger = settings => settings with { CallTimeout = TimeSpan.FromSeconds(1), JournalEntriesMax = entriesMax, SilentFor = TimeSpan.FromSeconds(3) },
                Records = settings => settings with { RetryInterval = TimeSpan.FromMilliseconds(50), LockInterval = TimeSpan.FromMilliseconds(100) },
                Journal = journal => parts.recorded = new PausableJournal(journal),
            });
            return parts;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the servers; the hosts must have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in own.AsEnumerable().Reverse())
            await part.DisposeAsync();
    }

    private async Task<IReadOnlyList<string>> StartClusterAsync(Random random)
    {
        own.Add(Cluster = await LocalRedisCluster.StartAsync(masters: 3, random));
        (Redis, Lines) = (Cluster.Nodes, Cluster.Proxies);
        return [Cluster.ConnectionString];
    }

    private async Task<IReadOnlyList<string>> StartOneAsync(Random random)
    {
        var redis = await LocalRedis.StartOwnAsync();
        own.Add(redis);
        (Redis, Lines) = ([redis], [RedisProxy.Start(redis.Port, random.Next()), RedisProxy.Start(redis.Port, random.Next())]);
        own.AddRange(Lines);
        return [.. Lines.Select(line => line.ConnectionString)];
    }
}
