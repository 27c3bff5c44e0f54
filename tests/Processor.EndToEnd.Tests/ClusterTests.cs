using Dapper;
using Npgsql;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Testing;
using StackExchange.Redis;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Two hosts on a Redis Cluster of three masters: slots that are moved while they are in use, a master that is killed, one that
/// is emptied. Other tests run on one Redis and on a Cluster alike.</summary>
public sealed class ClusterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int AccountCount = 120;
    private const int HotCount = 8;
    private const int StepCount = 12_000;
    private const int MovingSteps = 30_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private LocalRedisCluster redis = null!;
    private string connection = null!;

    public async Task InitializeAsync()
    {
        redis = await LocalRedisCluster.StartAsync(masters: 3);
        connection = await postgres.CreateDatabaseAsync();
    }

    public async Task DisposeAsync() => await redis.DisposeAsync();

    [Fact]
    public Task A_slot_that_moves_to_another_master_loses_and_doubles_nothing() => Seeds.RunAsync(20260901, async random =>
    {
        await using var pair = await OpenAsync();
        using var run = NewRun(pair, random, inFlightMax: 1_600);
        await run.OpenAsync();
        await run.PlayAsync(MovingSteps / 3);

        // Around the Cluster, for as long as there is traffic: calls meet slots that have gone, and ones that are half there.
        var moved = 0;
        var playing = run.PlayAsync(MovingSteps / 3);
        while (!playing.IsCompleted)
        {
            for (var partition = 0; partition < pair.Hosts[0].Journal.Partitions; partition++)
                moved += await redis.MigrateAsync(await redis.SlotOfAsync($"{{p{partition}}}:meta"));
        }

        await playing;
        await run.PlayAsync(MovingSteps / 3);

        await new ModelReplay(pair, run, connection).CheckAsync();
        Assert.True(moved >= AccountCount, $"Only {moved} keys were moved.");
        Assert.NotEqual(0, await redis.CountErrorsAsync("MOVED"));
        Assert.NotEqual(0, await redis.CountErrorsAsync("ASK"));

        await AddUnknownAsync(pair.Partitions);
        Assert.Equal(pair.Partitions, (await pair.CompareAsync()).Count(finding => finding.StartsWith("the account is recorded: ", StringComparison.Ordinal)));
    });

    [Fact]
    public Task A_master_that_is_killed_under_load_loses_and_doubles_nothing() => Seeds.RunAsync(20260902, async random =>
    {
        await using var pair = await OpenAsync();
        using var run = NewRun(pair, random);
        await run.OpenAsync();
        var master = redis.Nodes[await OwnerOfAsync(partition: 0)];

        var playing = run.PlayAsync(StepCount / 2);
        await Eventually.IsAsync("there is load", Patience, () => Task.FromResult(run.Answered > StepCount / 10));
        master.Kill();
        await master.RestartAsync();
        await playing;

        await new ModelReplay(pair, run, connection).CheckAsync();
        Assert.Equal(0, await AskAsync<long>("select count(*) from ledger_partition where epoch > 1"));
    });

    [Fact]
    public Task A_master_that_was_emptied_approves_nothing_until_its_partitions_are_rebuilt() => Seeds.RunAsync(20260903, async random =>
    {
        await using var pair = await OpenAsync();
        using var run = NewRun(pair, random);
        await run.OpenAsync();
        var master = await OwnerOfAsync(partition: 0);
        var lost = new HashSet<int>();
        for (var partition = 0; partition < pair.Hosts[0].Journal.Partitions; partition++)
        {
            if (await OwnerOfAsync(partition) == master)
                lost.Add(partition);
        }

        await run.PlayAsync(StepCount / 12);
        await pair.Recorder.StopAsync(CancellationToken.None);
        await run.PlayAsync(StepCount / 12);
        var before = await RedisImage.ReadAsync(redis.ConnectionString);

        await redis.FlushAsync(master);
        var early = await Task.WhenAll(run.Accounts
            .Where(account => lost.Contains(pair.PartitionOf(account)))
            .Select((account, index) => pair.Hosts[index % 2].RunAsync(TopUp(account))));
        Assert.NotEmpty(early);
        Assert.All(early, outcome => Assert.Equal(CommitOutcome.Unavailable, outcome));
        await Eventually.IsAsync("its partitions are rebuilt", Patience, async () =>
            await AskAsync<long>("select count(*) from ledger_partition where epoch = 2 and state = 0") == lost.Count && pair.Hosts.All(host => host.IsReady));

        Assert.Equal(before, await RedisImage.ReadAsync(redis.ConnectionString));
        Assert.Equal(0, await AskAsync<long>("select count(*) from ledger_loss"));
        await pair.Recorder.StartAsync(CancellationToken.None);
        await run.PlayAsync(StepCount / 12);
        await new ModelReplay(pair, run, connection).CheckAsync();
    });

    private Task<LedgerPair> OpenAsync() => LedgerPair.OpenAsync(new PairSettings { Redis = [redis.ConnectionString], Postgres = connection });

    private static RandomRun NewRun(LedgerPair pair, Random random, int inFlightMax = 400) =>
        new(pair, random, AccountCount, HotCount, inFlightMax) { Patience = TimeSpan.FromMilliseconds(20), GiveUpOneIn = 4 };

    private async Task<int> OwnerOfAsync(int partition) => await redis.OwnerOfAsync(await redis.SlotOfAsync($"{{p{partition}}}:meta"));

    /// <summary>Writes an account into each partition that nobody opened.</summary>
    private async Task AddUnknownAsync(int partitions)
    {
        var links = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        for (var partition = 0; partition < partitions; partition++)
            await links.GetDatabase().HashSetAsync($"{{p{partition}}}:acct:{Ulid.Create(TimeProvider.System)}", "a", "unknown");

        // Disposing waits a second for its own threads.
        links.Close(allowCommandsToComplete: false);
    }

    private static TransferCommand TopUp(Ulid account) => new()
    {
        AccountId = account,
        Key = Ulid.Create(TimeProvider.System).Value,
        Kind = TransactionKind.TopUp,
        Amount = new Amount(1, Currency.Eur),
    };

    private async Task<T> AskAsync<T>(string sql)
    {
        await using var database = new NpgsqlConnection(connection);
        return await database.QuerySingleAsync<T>(sql);
    }
}
