using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>What a server promises is asked of the server.</summary>
public sealed class RedisPromiseTests
{
    [Fact]
    public async Task A_server_that_writes_before_it_answers_says_so() =>
        Assert.Equal(new RedisPromise("always", IsEvicting: false), await AskServerAsync());

    [Fact]
    public async Task A_server_that_writes_once_a_second_promises_less() =>
        Assert.Equal(new RedisPromise("everysec", IsEvicting: false), await AskServerAsync("--appendfsync", "everysec"));

    [Fact]
    public async Task A_server_without_a_file_promises_nothing() =>
        Assert.Equal(new RedisPromise("off", IsEvicting: false), await AskServerAsync("--appendonly", "no"));

    [Fact]
    public async Task A_server_that_evicts_is_found_out() =>
        Assert.Equal(new RedisPromise("always", IsEvicting: true), await AskServerAsync("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"));

    [Fact]
    public async Task A_server_that_hides_its_configuration_is_not_trusted() =>
        Assert.Equal(new RedisPromise("unknown", IsEvicting: false), await AskServerAsync("--rename-command", "CONFIG", ""));

    [Fact]
    public async Task One_of_several_masters_says_so()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(masters: 1);
        Assert.Equal(new RedisPromise("always", IsEvicting: false, IsCluster: true), await AskAsync(cluster.ConnectionString));
    }

    private static async Task<RedisPromise> AskServerAsync(params string[] settings)
    {
        await using var redis = await LocalRedis.StartOwnAsync(settings);
        return await AskAsync(redis.ConnectionString);
    }

    private static async Task<RedisPromise> AskAsync(string configuration)
    {
        using var link = await RedisLink.ConnectAsync(configuration, TimeProvider.System);
        return await link.ReadPromiseAsync();
    }
}
