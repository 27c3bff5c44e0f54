using System.Collections.Concurrent;
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
public sealed class RecoveryTests(PostgresFixture postgres) : LedgerServers(postgres)
{
    // Program and product are number 1 of a fresh database.
    private const string IssueSql = """
        insert into program (id, name, time_zone, bin_ranges, hold_period, answers_verification_with_85, created_at)
        select '00000000-0000-0000-0000-000000000001', 'Run', 'UTC', '[]', interval '7 days', true, now()
        where not exists (select 1 from program);
        insert into card_product (id, program, name, currency, options, expiry_months, created_at)
        select '00000000-0000-0000-0000-000000000001', 1, 'Run', 978, 0, 36, now()
        where not exists (select 1 from card_product);
        insert into account (id, program, currency, created_at) values (@Account, 1, 978, now());
        insert into card (id, program, product, account_id, pan_cipher, pan_hash, bin, last4, expiry, created_at, issued_at)
        values (@Card, 1, 1, @Account, ''::bytea, @Pan, '476173', '0000', 9912, now(), now())
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task An_emptied_Redis_is_rebuilt_from_Postgres_and_what_hosts_still_have(int masters) =>
        LoseAsync(masters, 20261121, remember: _ => { }, async (node, send) =>
        {
            await node.FlushAsync();
            send();
        });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task A_Redis_that_was_put_back_to_an_earlier_copy_is_rebuilt_as_well(int masters) =>
        LoseAsync(masters, 20261122, remember: node => node.CopyFiles(), (node, send) =>
        {
            node.Kill();
            send();
            return node.RewindAsync();
        });

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public async Task With_the_hosts_dead_too_the_loss_is_told_and_an_operator_decides(int minutesThatTheRecorderIsAhead)
    {
        var (card, lostCard) = (new PanHash(77), new PanHash(78));
        Ulid account, lost;
        List<CutOff> ways = [];
        await using (var pair = await LedgerPair.OpenAsync(Settings(ways) with { RecorderClock = new MovableClock(TimeSpan.FromMinutes(minutesThatTheRecorderIsAhead)) }))
        {
            using var run = new RandomRun(pair, new Random(1), accounts: 1, hot: 1);
            await run.OpenAsync();
            account = run.Accounts[0];
            await IssueAsync(pair, account, RandomRun.CardOf(0), card);
            await TopUpAsync(pair.Hosts[0], account, 100);
            await pair.DrainAsync();
            await pair.Recorder.StopAsync(CancellationToken.None);
            await TopUpAsync(pair.Hosts[1], account, 50);
            using var unrecorded = new RandomRun(pair, new Random(2), accounts: 1, hot: 1);
            await unrecorded.OpenAsync();
            lost = unrecorded.Accounts[0];
            await IssueAsync(pair, lost, new Ulid(78), lostCard);
            foreach (var way in ways)
                way.IsCut = true;
        }

        var recorded = await AskAsync<long>("select max(seq) from journal_position");
        await Redis.FlushAsync();
        await DoAsync("update ledger_host set seen_at = seen_at - interval '1 minute', joined_at = joined_at - interval '1 minute'; update journal_position set drained_at = drained_at - interval '1 minute'");

        await using var after = await LedgerPair.OpenAsync(Redis.ConnectionString, Database, TimeSpan.FromMinutes(10));
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
        Assert.Equal(account, (await after.Hosts[0].Cards.FindAsync(card, CancellationToken.None))?.AccountId);
        Assert.Equal(CommitOutcome.AccountNotFound, await after.Hosts[0].RunAsync(TopUp(lost, 1)));
        Assert.Null(await after.Hosts[0].Cards.FindAsync(lostCard, CancellationToken.None));
    }

    [Fact]
    public async Task What_a_host_committed_that_was_cut_off_from_Postgres_is_missed_when_it_dies_with_Redis()
    {
        List<CutOff> ways = [];
        await using var pair = await LedgerPair.OpenAsync(Settings(ways));
        using var run = new RandomRun(pair, new Random(3), accounts: 1, hot: 1);
        await run.OpenAsync();
        await TopUpAsync(pair.Hosts[1], run.Accounts[0], 100);
        await CutOffAsync(ways[1]);
        await DrainedAsync(pair);

        // It goes on, and nobody has what it commits but Redis and itself.
        await pair.Recorder.StopAsync(CancellationToken.None);
        await TopUpAsync(pair.Hosts[1], run.Accounts[0], 50);
        await pair.RestartHostAsync(1);
        await Redis.FlushAsync();

        var partition = pair.PartitionOf(run.Accounts[0]);
        await Eventually.IsAsync("the loss is noted", Patience, async () => await AskAsync<short>($"select state from ledger_partition where partition = {partition}") == 2);
        var (epoch, seq, reason) = await AskAsync<(long, long, string)>($"select epoch, seq, reason from ledger_loss where partition = {partition}");
        Assert.Equal(await AskAsync<(long, long)>($"select epoch, seq from journal_position where partition = {partition}"), (epoch, seq));
        Assert.Contains($"writer 2 (process {Environment.ProcessId} on {Environment.MachineName}), last seen ", reason, StringComparison.Ordinal);
        Assert.Contains($" 4014 Partition {partition}: what was acknowledged behind entry {epoch}-{seq} of epoch {epoch} may be lost for good: {reason}.", pair.Log.Latest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_died_long_before_Redis_took_nothing_along()
    {
        List<CutOff> ways = [];
        await using var pair = await LedgerPair.OpenAsync(Settings(ways));
        using var run = new RandomRun(pair, new Random(4), accounts: 1, hot: 1);
        await run.OpenAsync();
        await TopUpAsync(pair.Hosts[1], run.Accounts[0], 100);
        await CutOffAsync(ways[1]);
        await pair.RestartHostAsync(1);
        await Eventually.IsAsync("it is struck out", Patience, async () => await AskAsync<bool>("select left_at is not null from ledger_host where writer = 2"));
        await pair.DrainAsync();

        await Redis.FlushAsync();
        await RebuiltAsync(pair, epoch: 2);

        Assert.Equal(0, await AskAsync<long>("select count(*) from ledger_loss"));
        var read = new ReadAccountCommand { AccountId = run.Accounts[0] };
        Assert.Equal(CommitOutcome.Committed, await pair.Hosts[0].RunAsync(read));
        Assert.Equal(100, read.Balances[0].Posted);
    }

    [Fact]
    public async Task A_host_that_was_struck_out_and_lives_says_so_and_goes_on()
    {
        List<CutOff> ways = [];
        await using var pair = await LedgerPair.OpenAsync(Settings(ways));
        using var run = new RandomRun(pair, new Random(5), accounts: 1, hot: 1);
        await run.OpenAsync();
        ways[1].IsStuck = true;
        await CutOffAsync(ways[1]);
        await Eventually.IsAsync("it is struck out", Patience, async () => await AskAsync<bool>("select left_at is not null from ledger_host where writer = 2"));

        Assert.Equal(CommitOutcome.Unavailable, await pair.Hosts[1].RunAsync(TopUp(run.Accounts[0], 100)));
        (ways[1].IsCut, ways[1].IsStuck) = (false, false);
        await Eventually.IsAsync("it goes on", Patience, async () => await pair.Hosts[1].RunAsync(TopUp(run.Accounts[0], 100)) == CommitOutcome.Committed);

        // What was noted of it is void: it may be missed again.
        const string noteSql = "select count(*) from ledger_last_entry join ledger_host using (writer, seen_at)";
        Assert.Equal((true, 0), (await AskAsync<bool>("select left_at is null from ledger_host where writer = 2"), await AskAsync<long>(noteSql)));
    }

    [Fact]
    public async Task What_a_host_hands_in_after_the_rebuild_is_told_as_lost()
    {
        List<CutOff> ways = [];
        await using var pair = await LedgerPair.OpenAsync(Settings(ways));
        using var run = new RandomRun(pair, new Random(6), accounts: 1, hot: 1);
        await run.OpenAsync();
        await DrainedAsync(pair);
        await pair.Recorder.StopAsync(CancellationToken.None);
        await CutOffAsync(ways[1]);
        await TopUpAsync(pair.Hosts[1], run.Accounts[0], 50);
        await Redis.FlushAsync();
        var recovery = new LedgerRecovery(pair.Database);
        for (var partition = 0; partition < pair.Hosts[0].Journal.Partitions; partition++)
        {
            var ordered = partition;
            await Eventually.IsAsync("the loss is noted", Patience, async () => await AskAsync<short>($"select state from ledger_partition where partition = {ordered}") == 2);
            Assert.True(await recovery.OrderAsync(partition, CancellationToken.None));
        }

        await Eventually.IsAsync("the other host has rebuilt", Patience, () => Task.FromResult(pair.Hosts[0].IsReady));
        ways[1].IsCut = false;
        await Eventually.IsAsync("the loss is told", Patience, async () => await AskAsync<long>("select count(*) from ledger_loss where accepted_at is null") > 0);
        await RebuiltAsync(pair, epoch: 2);

        var at = pair.PartitionOf(run.Accounts[0]);
        var (found, epoch, seq, reason) = await AskAsync<(short, long, long, string)>("select partition, epoch, seq, reason from ledger_loss where accepted_at is null");
        var recorded = await AskAsync<long>($"select max(seq) from journal where partition = {at} and epoch = 1");
        Assert.Equal(((short)at, 1L, recorded), (found, epoch, seq));
        Assert.StartsWith("writer 2 ", reason, StringComparison.Ordinal);
        Assert.Contains(" came back after the rebuild with 1 entries", reason, StringComparison.Ordinal);
        Assert.Contains($" 4025 Partition {at}: ", pair.Log.Latest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_news_do_not_end_the_epoch_that_a_host_joined_in()
    {
        await using (var before = await LedgerPair.OpenAsync(Redis.ConnectionString, Database, TimeSpan.FromMinutes(10)))
            await before.DrainAsync();
        await Redis.FlushAsync();
        await DoAsync("update ledger_host set seen_at = seen_at - interval '1 minute'; update ledger_partition set epoch = 2, state = 2");
        SlowBeat news = null!;
        await using var pair = await LedgerPair.OpenAsync(new PairSettings
        {
            Redis = [Redis.ConnectionString],
            Postgres = Database,
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
        await using var pair = await LedgerPair.OpenAsync(Redis.ConnectionString, Database, TimeSpan.FromMinutes(10));
        using var run = new RandomRun(pair, new Random(2), accounts: 20, hot: 4);
        await run.OpenAsync();
        await run.PlayAsync(500);
        var before = await RedisImage.ReadAsync(Redis.ConnectionString);

        foreach (var partition in Enumerable.Range(0, pair.Hosts[0].Journal.Partitions))
            Assert.True(await new LedgerRecovery(pair.Database).OrderAsync(partition, CancellationToken.None));
        await RebuiltAsync(pair, epoch: 2);

        Assert.Equal(before, await RedisImage.ReadAsync(Redis.ConnectionString));
        await run.PlayAsync(500);
        await new ModelReplay(pair, run, Database).CheckAsync();
    }

    [Fact]
    public async Task A_host_that_joins_after_a_rebuild_serves_beside_one_that_was_there_before()
    {
        await using var pair = await LedgerPair.OpenAsync(Redis.ConnectionString, Database, TimeSpan.FromMinutes(10));
        foreach (var partition in Enumerable.Range(0, pair.Partitions))
            Assert.True(await new LedgerRecovery(pair.Database).OrderAsync(partition, CancellationToken.None));
        await RebuiltAsync(pair, epoch: 2);

        await pair.RestartHostAsync(1);

        using var run = new RandomRun(pair, new Random(3), accounts: 20, hot: 4) { Patience = TimeSpan.FromMilliseconds(20) };
        await run.OpenAsync().WaitAsync(Patience);
        await run.PlayAsync(100).WaitAsync(Patience);
        await new ModelReplay(pair, run, Database).CheckAsync();
    }

    /// <summary>Cuts a host off from Postgres, which has not seen it for a minute then.</summary>
    private async Task CutOffAsync(CutOff way)
    {
        way.IsCut = true;

        // A beat that is under way would make it seen again.
        await Eventually.IsAsync("the host is not seen any more", Patience, async () =>
        {
            await DoAsync("update ledger_host set seen_at = seen_at - interval '1 minute' where writer = 2 and seen_at > now() - interval '30 seconds'");
            await Task.Delay(100);
            return await AskAsync<bool>("select seen_at < now() - interval '30 seconds' from ledger_host where writer = 2");
        });
    }

    /// <summary>Waits until the partitions are noted as drained at a moment after this call.</summary>
    private async Task DrainedAsync(LedgerPair pair)
    {
        await pair.DrainAsync();
        var now = await AskAsync<DateTime>("select now()");
        await Eventually.IsAsync("the partitions are noted as drained", Patience, async () => await AskAsync<bool>($"select bool_and(drained_at > '{now:O}' or seq = 0) from journal_position"));
    }

    private PairSettings Settings(List<CutOff> ways) => new()
    {
        Redis = [Redis.ConnectionString],
        Postgres = Database,
        Ledger = settings => settings with { SilentFor = TimeSpan.FromSeconds(1), RefusalMax = TimeSpan.FromMilliseconds(500) },
        Records = settings => settings with { DrainedInterval = TimeSpan.FromMilliseconds(100) },
        Recovery = (_, recovery) =>
        {
            ways.Add(new CutOff(recovery));
            return ways[^1];
        },
    };

    /// <summary>Has Redis lose its state under a stream of requests that are sent again until they are answered.</summary>
    /// <param name="masters">1 for one Redis that is no Cluster. Of one all masters lose their state.</param>
    /// <param name="seed">Of the stream.</param>
    /// <param name="remember">What is done to each of them before the recorder stops.</param>
    /// <param name="lose">Has one lose its state; it begins the stream where nothing of that is left that a request could still change.</param>
    private Task LoseAsync(int masters, int seed, Action<LocalRedis> remember, Func<LocalRedis, Action, Task> lose) => Seeds.RunAsync(seed, async random =>
    {
        await using var place = await RedisPlace.StartAsync(masters);
        var watch = new RebuildWatch(partition => RedisImage.ReadPartitionAsync(place.ConnectionString, partition));
        await using var pair = await LedgerPair.OpenAsync(new PairSettings { Redis = [place.ConnectionString], Postgres = Database, Recovery = (_, recovery) => watch.Over(recovery) });
        using var run = new RandomRun(pair, random, accounts: 60, hot: 6) { Patience = TimeSpan.FromMilliseconds(20) };
        await run.OpenAsync();
        await IssueAsync(pair, run, 0, 30);
        await run.PlayAsync(1_500);
        foreach (var node in place.Nodes)
            remember(node);
        await pair.Recorder.StopAsync(CancellationToken.None);
        await IssueAsync(pair, run, 30, 60);
        await run.PlayAsync(1_500);
        var before = await RedisImage.ReadAsync(place.ConnectionString);
        Assert.Equal(0, run.Unavailable);

        var tooEarly = new ConcurrentQueue<Ulid>();
        run.Answering = account =>
        {
            if (!watch.IsRebuilt(pair.PartitionOf(account)))
                tooEarly.Enqueue(account);
        };
        var stream = Task.CompletedTask;
        var toLose = place.Nodes.Count;
        watch.IsHeld = true;
        await Task.WhenAll(place.Nodes.Select(node => lose(node, () =>
        {
            if (Interlocked.Decrement(ref toLose) == 0)
                stream = run.PlayAsync(1_500);
        })));
        watch.IsHeld = false;
        await RebuiltAsync(pair, epoch: 2);

        // Before the stream is waited for: what is not rebuilt as it was may keep it waiting.
        var directory = await RedisImage.ReadDirectoryAsync(place.ConnectionString);
        Assert.Equal(60, directory.Count);
        Assert.Equal(before, watch.Seen.Concat(directory).OrderBy(item => item.Key, StringComparer.Ordinal));
        await stream.WaitAsync(Patience);
        Assert.Empty(tooEarly);
        Assert.True(run.Unavailable > 0);
        Assert.Equal(0, await AskAsync<long>("select count(*) from ledger_loss"));
        await pair.Recorder.StartAsync(CancellationToken.None);
        await run.PlayAsync(500);
        await new ModelReplay(pair, run, Database).CheckAsync();
    });

    private async Task IssueAsync(LedgerPair pair, RandomRun run, int from, int to)
    {
        for (var index = from; index < to; index++)
            await IssueAsync(pair, run.Accounts[index], RandomRun.CardOf(index), new PanHash((UInt128)(ulong)(1_000 + index)));
    }

    /// <summary>Gives the card of an account its row and its PAN.</summary>
    private async Task IssueAsync(LedgerPair pair, Ulid account, Ulid card, PanHash pan)
    {
        await using var database = new NpgsqlConnection(Database);
        await database.ExecuteAsync(IssueSql, new { Account = account.ToGuid(), Card = card.ToGuid(), Pan = new Ulid(pan.Value).ToGuid() });
        await pair.Hosts[0].Cards.AddAsync(pan, account, program: 1, new CardInstance(Ordinal: 1, Expiry: 9912, SequenceNumber: 0), CancellationToken.None);
    }

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

    private async Task<T> AskAsync<T>(string sql) => (await ListAsync<T>(sql))[0];

    private async Task<IReadOnlyList<T>> ListAsync<T>(string sql)
    {
        await using var database = new NpgsqlConnection(Database);
        return (await database.QueryAsync<T>(sql)).AsList();
    }

    private async Task DoAsync(string sql)
    {
        await using var database = new NpgsqlConnection(Database);
        await database.ExecuteAsync(sql);
    }
}
