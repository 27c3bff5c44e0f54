using Dapper;
using Npgsql;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>A Redis that lost or rewound its state while its journal was not recorded yet.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
    public Task An_emptied_Redis_is_rebuilt_from_Postgres_and_what_hosts_still_have() =>
        LoseAsync(20261121, () => Task.CompletedTask, () => redis.FlushAsync());

    [Fact]
    public Task A_Redis_that_was_put_back_to_an_earlier_copy_is_rebuilt_as_well()
    {
        var files = Path.Combine(redis.Folder, "appendonlydir");
        var copy = Path.Combine(redis.Folder, "earlier");
        return LoseAsync(
            20261122,
            () =>
            {
                CopyFolder(files, copy);
                return Task.CompletedTask;
            },
            () =>
            {
                redis.Kill();
                Directory.Delete(files, recursive: true);
                Directory.Move(copy, files);
                return redis.RestartAsync();
            });
    }

    [Fact]
    public async Task With_the_hosts_dead_too_the_loss_is_told_and_an_operator_decides()
    {
        var card = new PanHash(77);
        Ulid account;
        await using (var pair = await LedgerPair.OpenAsync(redis.ConnectionString, connection, TimeSpan.FromMinutes(10)))
        {
            using var run = new RandomRun(pair, new Random(1), accounts: 1, hot: 1);
            await run.OpenAsync();
            account = run.Accounts[0];
            await TopUpAsync(pair.Hosts[0], account, 100);
            await pair.DrainAsync();
            await pair.Recorder.StopAsync(CancellationToken.None);
            await TopUpAsync(pair.Hosts[1], account, 50);
        }

        var recorded = await AskAsync<long>("select max(seq) from journal_position");
        await redis.FlushAsync();
        await DoAsync("update ledger_host set seen_at = seen_at - interval '1 minute', joined_at = joined_at - interval '1 minute'; update journal_position set drained_at = drained_at - interval '1 minute'");

        await using var after = await LedgerPair.OpenAsync(redis.ConnectionString, connection, TimeSpan.FromMinutes(10));
        await Eventually.IsAsync("the loss is noted", Patience, async () => await AskAsync<long>("select count(*) from ledger_partition where state <> 2") == 0);
        Assert.Equal((1, recorded), await AskAsync<(long, long)>("select epoch, seq from ledger_loss order by seq desc limit 1"));
        Assert.Equal(CommitOutcome.Unavailable, await after.Hosts[0].RunAsync(new ReadAccountCommand { AccountId = account }));

        var recovery = new LedgerRecovery(after.Database);
        foreach (var partition in await ListAsync<int>("select partition from ledger_partition where state = 2"))
            Assert.True(await recovery.OrderAsync(partition, CancellationToken.None));
        await RebuiltAsync(after, epoch: 1);

        var read = new ReadAccountCommand { AccountId = account };
        Assert.Equal(CommitOutcome.Committed, await after.Hosts[0].RunAsync(read));
        Assert.Equal(100, read.Balances[0].Posted);
        Assert.Null(await after.Hosts[0].Cards.FindAsync(card, CancellationToken.None));
    }

    [Fact]
    public async Task Old_news_do_not_end_the_epoch_that_a_host_joined_in()
    {
        await using (var before = await LedgerPair.OpenAsync(redis.ConnectionString, connection, TimeSpan.FromMinutes(10)))
            await before.DrainAsync();
        await redis.FlushAsync();
        await DoAsync("update ledger_host set seen_at = seen_at - interval '1 minute'; update ledger_partition set epoch = 2, state = 2");
        SlowBeat news = null!;
        await using var pair = await LedgerPair.OpenAsync(new PairSettings
        {
            Redis = [redis.ConnectionString],
            Postgres = connection,
            Recovery = (host, recovery) => host == 0 ? recovery : news = new SlowBeat(recovery),
        });
        await Eventually.IsAsync("both hosts have handed in", Patience, async () => await AskAsync<long>("select count(*) from ledger_hand_in where epoch = 2") == 2 * pair.Hosts[0].Journal.Partitions);
        news.Hold();
        await Eventually.IsAsync("the host has its news", Patience, () => Task.FromResult(news.IsWaiting));

        var recovery = new LedgerRecovery(pair.Database);
        for (var partition = 0; partition < pair.Hosts[0].Journal.Partitions; partition++)
            Assert.True(await recovery.OrderAsync(partition, CancellationToken.None));
        await Eventually.IsAsync("the other host has rebuilt", Patience, () => Task.FromResult(pair.Hosts[0].IsReady));
        news.LetGo();
        await RebuiltAsync(pair, epoch: 2);

        Assert.Equal(1, news.Late);
        Assert.Equal((2, 2), await AskAsync<(long, long)>("select min(epoch), max(epoch) from ledger_partition"));
    }

    [Fact]
    public async Task An_operator_may_have_a_healthy_partition_rebuilt()
    {
        await using var pair = await LedgerPair.OpenAsync(redis.ConnectionString, connection, TimeSpan.FromMinutes(10));
        using var run = new RandomRun(pair, new Random(2), accounts: 20, hot: 4);
        await run.OpenAsync();
        await run.PlayAsync(500);
        var before = await RedisImage.ReadAsync(redis.ConnectionString);

        foreach (var partition in Enumerable.Range(0, pair.Hosts[0].Journal.Partitions))
            Assert.True(await new LedgerRecovery(pair.Database).OrderAsync(partition, CancellationToken.None));
        await RebuiltAsync(pair, epoch: 2);

        Assert.Equal(before, await RedisImage.ReadAsync(redis.ConnectionString));
        await run.PlayAsync(500);
        await new ModelReplay(pair, run, connection).CheckAsync();
    }

    private Task LoseAsync(int seed, Func<Task> remember, Func<Task> lose) => Seeds.RunAsync(seed, async random =>
    {
        await using var pair = await LedgerPair.OpenAsync(redis.ConnectionString, connection, TimeSpan.FromMinutes(10));
        using var run = new RandomRun(pair, random, accounts: 60, hot: 6);
        await run.OpenAsync();
        await run.PlayAsync(1_500);
        await remember();
        await pair.Recorder.StopAsync(CancellationToken.None);
        await run.PlayAsync(1_500);
        var before = await RedisImage.ReadAsync(redis.ConnectionString);

        await lose();
        var early = await Task.WhenAll(run.Accounts.Select((account, index) => pair.Hosts[index % 2].RunAsync(TopUp(account, 1))));
        Assert.All(early, outcome => Assert.Equal(CommitOutcome.Unavailable, outcome));
        await RebuiltAsync(pair, epoch: 2);

        Assert.Equal(before, await RedisImage.ReadAsync(redis.ConnectionString));
        Assert.Equal(0, await AskAsync<long>("select count(*) from ledger_loss"));
        await pair.Recorder.StartAsync(CancellationToken.None);
        await run.PlayAsync(1_500);
        await new ModelReplay(pair, run, connection).CheckAsync();
    });

    private async Task RebuiltAsync(LedgerPair pair, long epoch)
    {
        try
        {
            await Eventually.IsAsync("all partitions are rebuilt", Patience, async () =>
                await AskAsync<long>($"select count(*) from ledger_partition where state <> 0 or epoch < {epoch}") == 0 && pair.Hosts.All(host => host.IsReady));
        }
        catch (TimeoutException stuck)
        {
            throw new TimeoutException(stuck.Message + Environment.NewLine + pair.Describe(), stuck);
        }
    }

    private static async Task TopUpAsync(Ledger<AuthorizationDecide> host, Ulid account, long cents) =>
        Assert.Equal(CommitOutcome.Committed, await host.RunAsync(TopUp(account, cents)));

    private static TransferCommand TopUp(Ulid account, long cents) => new()
    {
        AccountId = account,
        Key = Ulid.Create(TimeProvider.System).Value,
        Kind = TransactionKind.TopUp,
        Amount = new Amount(cents, Currency.Eur),
    };

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private async Task<T> AskAsync<T>(string sql) => (await ListAsync<T>(sql))[0];

    private async Task<IReadOnlyList<T>> ListAsync<T>(string sql)
    {
        await using var database = new NpgsqlConnection(connection);
        return (await database.QueryAsync<T>(sql)).AsList();
    }

    private async Task DoAsync(string sql)
    {
        await using var database = new NpgsqlConnection(connection);
        await database.ExecuteAsync(sql);
    }
}
