using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Cards;
using Processor.Testing;
using StackExchange.Redis;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>A ledger that waits for replicas, on a real Redis with and without one.</summary>
public sealed class ReplicationTests : IAsyncLifetime
{
    private readonly Move open = new() { AccountId = Ulid.Create(TimeProvider.System), Verb = Verb.Open, Amount = 500, Key = 1 };
    private LocalRedis redis = null!;

    public async Task InitializeAsync() => redis = await LocalRedis.StartOwnAsync();

    public async Task DisposeAsync() => await redis.DisposeAsync();

    [Fact]
    public async Task What_is_told_is_on_the_replica_and_nothing_is_told_before()
    {
        await using var host = await StartAsync(redis.ConnectionString, replicas: 1);
        host.Submit(open);
        await WaitsAsync(2);
        Assert.False(open.Outcome.IsCompleted);

        await using var replica = await LocalRedis.StartOwnAsync("--replicaof", "127.0.0.1", redis.Port.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(CommitOutcome.Committed, await open.Outcome.WaitAsync(TimeSpan.FromSeconds(30)));
        using var link = await RedisLink.ConnectAsync(replica.ConnectionString, TimeProvider.System);
        Assert.NotEmpty(await link.ReadHashAsync(RedisNames.Account(RedisNames.PartitionOf(open.AccountId, host.Journal.Partitions), open.AccountId)));
        Assert.Single(await host.Journal.ReadAsync(RedisNames.PartitionOf(open.AccountId, host.Journal.Partitions), JournalId.Zero, 10, CancellationToken.None));
    }

    [Fact]
    public async Task Replicas_of_a_cluster_are_refused_at_the_start()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(masters: 1);

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(cluster.ConnectionString, replicas: 2));

        Assert.Equal("ReplicasMin is 2, and Redis is a Cluster: its replicas cannot be waited for.", problem.Message);
    }

    private static Task<Ledger<Moves>> StartAsync(string redis, int replicas) => Ledger<Moves>.OpenAsync(
        new LedgerSettings { Redis = redis, Partitions = 1, ReplicasMin = replicas },
        new Registry(), new Past(), recovery: null, default, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);

    /// <summary>Waits until Redis was asked so often to wait for replicas.</summary>
    private async Task WaitsAsync(int times)
    {
        var configuration = ConfigurationOptions.Parse(redis.ConnectionString);
        using var own = await ConnectionMultiplexer.ConnectAsync(configuration);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!HasWaited(await own.GetDatabase().ExecuteAsync("INFO", "commandstats"), times))
            patience.Token.ThrowIfCancellationRequested();
    }

    private static bool HasWaited(RedisResult info, int times)
    {
        var line = RedisPromise.ValueOf((string)info!, "cmdstat_wait");
        return line is not null && int.Parse(line["calls=".Length..line.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture) >= times;
    }
}
