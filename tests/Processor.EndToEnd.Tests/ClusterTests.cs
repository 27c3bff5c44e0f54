using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Two hosts on a Redis Cluster of three masters, whose slots are moved while they are in use.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private const int AccountCount = 120;
    private const int HotCount = 8;
    private const int StepCount = 12_000;

    private LocalRedisCluster redis = null!;
    private LocalPostgres postgres = null!;
    private string connection = null!;

    public async Task InitializeAsync()
    {
        redis = await LocalRedisCluster.StartAsync(masters: 3);
        postgres = await LocalPostgres.StartAsync();
        connection = await postgres.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        await redis.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public Task A_slot_that_moves_to_another_master_loses_and_doubles_nothing() => Seeds.RunAsync(20260901, async random =>
    {
        await using var pair = await LedgerPair.OpenAsync(new PairSettings { Redis = [redis.ConnectionString], Postgres = connection });
        using var run = new RandomRun(pair, random, AccountCount, HotCount) { Patience = TimeSpan.FromMilliseconds(20) };
        await run.OpenAsync();
        await run.PlayAsync(StepCount / 3);

        var moved = 0;
        var playing = run.PlayAsync(StepCount / 3);
        for (var partition = 0; partition < pair.Hosts[0].Journal.Partitions; partition++)
            moved += await redis.MigrateAsync(await redis.SlotOfAsync($"{{p{partition}}}:meta"));
        await playing;
        await run.PlayAsync(StepCount / 3);

        await new ModelReplay(pair, run, connection).CheckAsync();
        Assert.True(moved >= AccountCount, $"Only {moved} keys were moved.");
    });
}
