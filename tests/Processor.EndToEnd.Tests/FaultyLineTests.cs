using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Between a host and its Redis replies and calls are lost, late and doubled: the ledger is the same.</summary>
public sealed class FaultyLineTests : IAsyncLifetime
{
    private const int AccountCount = 100;
    private const int HotCount = 4;
    private const int StepCount = 10_000;

    // One piece in so many meets a fault that breaks its connection. A client connects again after up to a second.
    private const double Chance = 1 / 400.0;

    private LocalRedis redis = null!;
    private LocalPostgres postgres = null!;
    private string connection = null!;

    public async Task InitializeAsync()
    {
        redis = await LocalRedis.StartOwnAsync();
        postgres = await LocalPostgres.StartAsync();
        connection = await postgres.CreateDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        await redis.DisposeAsync();
        await postgres.DisposeAsync();
    }

    [Fact]
    public Task Calls_that_are_lost_late_and_doubled_change_nothing() => Seeds.RunAsync(20260601, async random =>
    {
        await using var first = RedisProxy.Start(redis.Port, random.Next());
        await using var second = RedisProxy.Start(redis.Port, random.Next());
        await using var pair = await LedgerPair.OpenAsync(new PairSettings
        {
            Redis = [first.ConnectionString, second.ConnectionString],
            Postgres = connection,
            Ledger = settings => settings with { CallTimeout = TimeSpan.FromMilliseconds(100) },
            Records = settings => settings with { RetryInterval = TimeSpan.FromMilliseconds(50) },
        });
        using var run = new RandomRun(pair, random, AccountCount, HotCount) { Patience = TimeSpan.FromMilliseconds(20) };
        await run.OpenAsync();

        first.Faults = second.Faults = ProxyFaults.All(Chance);
        await run.PlayAsync(StepCount);
        first.Faults = second.Faults = ProxyFaults.None;

        await new ModelReplay(pair, run, connection).CheckAsync();
        Assert.True(first.FaultCount > 10 && second.FaultCount > 10, $"Only {first.FaultCount} and {second.FaultCount} faults were made.");
    });
}
