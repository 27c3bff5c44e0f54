using System.Globalization;
using Npgsql;
using Processor.Testing;
using StackExchange.Redis;
using Xunit;

namespace Processor.Architecture.Tests;

/// <summary>What all other tests stand on: servers that are real, durable, private, and gone afterwards.</summary>
public sealed class TestServersTests
{
    [Fact]
    public async Task Redis_keeps_what_it_answered_when_it_is_killed()
    {
        await using var redis = await LocalRedis.StartOwnAsync();
        var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await connection.GetDatabase().StringSetAsync("key", "value");
        connection.Close(allowCommandsToComplete: false);

        redis.Kill();
        await redis.RestartAsync();

        var again = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        Assert.Equal("value", (string?)await again.GetDatabase().StringGetAsync("key"));
        again.Close(allowCommandsToComplete: false);
    }

    [Fact]
    public async Task Redis_that_restarts_empty_has_lost_everything()
    {
        await using var redis = await LocalRedis.StartOwnAsync();
        var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        await connection.GetDatabase().StringSetAsync("key", "value");
        connection.Close(allowCommandsToComplete: false);

        await redis.RestartEmptyAsync();

        var again = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        Assert.True((await again.GetDatabase().StringGetAsync("key")).IsNull);
        again.Close(allowCommandsToComplete: false);
    }

    [Fact]
    public async Task Postgres_keeps_what_it_committed_when_it_is_killed()
    {
        await using var postgres = await LocalPostgres.StartOwnAsync();
        string database = await postgres.CreateDatabaseAsync();
        await ScalarAsync(database, "create table t (x int); insert into t values (7); select 1");

        postgres.Kill();
        await postgres.RestartAsync();

        Assert.Equal(7, await ScalarAsync(database, "select x from t"));
        Assert.Equal("on", await ScalarAsync(database, "show fsync"));
    }

    [Fact]
    public async Task Each_database_is_fresh_or_a_copy_of_its_template()
    {
        var fixture = new PostgresFixture();
        await fixture.InitializeAsync();
        string first = await fixture.CreateDatabaseAsync();
        await ScalarAsync(first, "create table t (x int); insert into t values (7); select 1");
        string second = await fixture.CreateDatabaseAsync();
        string copy = await fixture.CreateDatabaseAsync(new NpgsqlConnectionStringBuilder(first).Database);

        Assert.Equal(7, await ScalarAsync(copy, "select x from t"));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(second, "select x from t"));
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task A_server_leaves_nothing_behind()
    {
        var redis = await LocalRedis.StartOwnAsync();
        int port = redis.Port;
        string folder = redis.Folder;
        Assert.True(Directory.Exists(Path.Combine(folder, "appendonlydir")));

        await redis.DisposeAsync();

        string connection = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port},connectTimeout=500");
        await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(connection));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_failed_random_run_names_its_seed()
    {
        var failure = Assert.Throws<SeededRunException>(
            () => Seeds.Run(20260101, dice => throw new InvalidOperationException("It broke.")));

        Assert.Equal($"SEED={Seeds.Choose(20260101)} replays this run. It broke.", failure.Message);
    }

    private static async Task<object?> ScalarAsync(string database, string sql)
    {
        var builder = new NpgsqlConnectionStringBuilder(database) { Pooling = false };
        await using var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
