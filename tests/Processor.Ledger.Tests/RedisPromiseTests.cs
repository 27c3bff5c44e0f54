using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>What a server promises is asked of the server.</summary>
public sealed class RedisPromiseTests
{
    [Fact]
    public async Task A_server_that_writes_before_it_answers_says_so() =>
        Assert.Equal(new RedisPromise("always", IsEvicting: false), await AskAsync());

    [Fact]
    public async Task A_server_that_writes_once_a_second_promises_less() =>
        Assert.Equal(new RedisPromise("everysec", IsEvicting: false), await AskAsync("--appendfsync", "everysec"));

    [Fact]
    public async Task A_server_without_a_file_promises_nothing() =>
        Assert.Equal(new RedisPromise("off", IsEvicting: false), await AskAsync("--appendonly", "no"));

    [Fact]
    public async Task A_server_that_evicts_is_found_out() =>
        Assert.Equal(new RedisPromise("always", IsEvicting: true), await AskAsync("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"));

    [Fact]
    public async Task A_server_that_hides_its_configuration_is_not_trusted() =>
        Assert.Equal(new RedisPromise("unknown", IsEvicting: false), await AskAsync("--rename-command", "CONFIG", ""));

    [Fact]
    public async Task One_of_several_masters_says_so() =>
        Assert.Equal(new RedisPromise("always", IsEvicting: false, IsCluster: true), await AskAsync("--cluster-enabled", "yes"));

    private static async Task<RedisPromise> AskAsync(params string[] settings)
    {
        await using var redis = await LocalRedis.StartOwnAsync(settings);
        using var link = await RedisLink.ConnectAsync(redis.ConnectionString + ",connectTimeout=10000", TimeProvider.System);
        return await link.ReadPromiseAsync();
    }
}
