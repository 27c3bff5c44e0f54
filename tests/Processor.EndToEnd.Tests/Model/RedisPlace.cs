using Processor.Testing;

namespace Processor.EndToEnd.Tests;

/// <summary>Where a ledger lives: one Redis, or a Cluster of so many masters.</summary>
internal sealed class RedisPlace : IAsyncDisposable
{
    private readonly LocalRedis? one;
    private readonly LocalRedisCluster? cluster;

    private RedisPlace(LocalRedis? one, LocalRedisCluster? cluster)
    {
        this.one = one;
        this.cluster = cluster;
    }

    /// <summary>As hosts are told it.</summary>
    internal string ConnectionString => one?.ConnectionString ?? cluster!.ConnectionString;

    /// <summary>The Redis, or the Cluster's masters.</summary>
    internal IReadOnlyList<LocalRedis> Nodes => one is null ? cluster!.Nodes : [one];

    /// <param name="masters">1 for one Redis that is no Cluster.</param>
    internal static async Task<RedisPlace> StartAsync(int masters) => masters == 1
        ? new RedisPlace(await LocalRedis.StartOwnAsync(), cluster: null)
        : new RedisPlace(one: null, await LocalRedisCluster.StartAsync(masters));

    public ValueTask DisposeAsync() => one?.DisposeAsync() ?? cluster!.DisposeAsync();
}
