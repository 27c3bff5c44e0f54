using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Between a host and its Redis replies and calls are lost, late and doubled: the ledger is the same.</summary>
public sealed class FaultyLineTests(PostgresFixture postgres) : LedgerServers(postgres)
{
    private const int AccountCount = 100;
    private const int HotCount = 4;
    private const int StepCount = 10_000;

    // One piece in so many meets a fault that breaks its connection. A client connects again after up to a second.
    private const double Chance = 1 / 100.0;

    // What the ledger logs when the outcome of a batch is not known.
    private const int SentAgain = 4003;

    private static readonly IReadOnlyList<(ProxyFault Fault, bool IsReply)> Kinds =
        [.. ProxyFaults.All(1).OfReplies.Select(fault => (fault.Fault, true)), .. ProxyFaults.All(1).OfCommands.Select(fault => (fault.Fault, false))];

    [Fact]
    public Task Calls_that_are_lost_late_and_doubled_change_nothing() => Seeds.RunAsync(20260601, async random =>
    {
        await using var first = RedisProxy.Start(Redis.Port, random.Next());
        await using var second = RedisProxy.Start(Redis.Port, random.Next());
        await PlayAsync(random, [first.ConnectionString, second.ConnectionString], [first, second], Redis.ConnectionString, StepCount);
    });

    [Fact]
    public Task On_a_Cluster_they_change_nothing_either() => Seeds.RunAsync(20260602, async random =>
    {
        await using var cluster = await LocalRedisCluster.StartAsync(masters: 3, random);
        await PlayAsync(random, [cluster.ConnectionString], cluster.Proxies, cluster.ConnectionString, StepCount / 3);
    });

    private async Task PlayAsync(Random random, IReadOnlyList<string> hosts, IReadOnlyList<RedisProxy> lines, string whole, int steps)
    {
        await using var pair = await LedgerPair.OpenAsync(new PairSettings
        {
            Redis = hosts,
            Postgres = Database,
            Ledger = settings => settings with { CallTimeout = TimeSpan.FromMilliseconds(100) },
            Records = settings => settings with { RetryInterval = TimeSpan.FromMilliseconds(50) },
        });
        using var run = new RandomRun(pair, random, AccountCount, HotCount) { Patience = TimeSpan.FromMilliseconds(20), GiveUpOneIn = 4 };
        await run.OpenAsync();

        // Each kind of fault is drawn sooner or later.
        foreach (var line in lines)
            line.Faults = ProxyFaults.All(Chance);
        await run.PlayAsync(steps);
        for (var more = 0; more < 40 && Kinds.Any(kind => CountOf(kind) == 0); more++)
            await run.PlayAsync(steps / 10);
        foreach (var line in lines)
            line.Faults = ProxyFaults.None;

        await new ModelReplay(pair, run, Database).CheckAsync();
        Assert.All(Kinds, kind => Assert.NotEqual((kind, 0), (kind, CountOf(kind))));
        Assert.True(pair.Log.CountOf(SentAgain) > 10, $"Only {pair.Log.CountOf(SentAgain)} batches were sent again.");

        // More calls were carried out than there were batches: some of them twice, and nobody noticed.
        var calls = await ScriptCalls.CountAsync(whole);
        Assert.True(calls.Done > calls.Batches, $"{calls}: no call ran twice.");

        int CountOf((ProxyFault Fault, bool IsReply) kind) => lines.Sum(line => line.CountOf(kind.Fault, kind.IsReply));
    }

    [Fact]
    public async Task A_host_that_is_further_away_is_not_starved_on_a_hot_account()
    {
        const int SendersEach = 8;
        const int FarOperations = 300;
        await using var far = RedisProxy.Start(Redis.Port, seed: 1);
        await using var pair = await LedgerPair.OpenAsync(new PairSettings { Redis = [Redis.ConnectionString, far.ConnectionString], Postgres = Database });
        using var run = new RandomRun(pair, new Random(1), accounts: 1, hot: 1);
        await run.OpenAsync();
        far.Distance = TimeSpan.FromMilliseconds(1);
        var (sent, done) = (new int[2], new int[2]);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        await Task.WhenAll(Enumerable.Range(0, 2 * SendersEach).Select(sender => SendAsync(sender % 2)));

        Assert.True(done[1] >= FarOperations, $"The far host did {done[1]} operations while the near one did {done[0]}.");
        Assert.True(done[1] * 20 >= done[0], $"The far host did {done[1]} operations while the near one did {done[0]}.");

        async Task SendAsync(int host)
        {
            while (Volatile.Read(ref done[1]) < FarOperations && !patience.IsCancellationRequested)
            {
                var request = new RunOperation { AccountId = run.Accounts[0] };
                request.Request = new AuthorizationRequest
                {
                    Class = MessageClass.Authorization,
                    Kind = TransactionKind.Verification,
                    Network = (ushort)(host + 1),
                    Program = 1,
                    Card = 1,
                    Transaction = new Amount(0, Currency.Eur),
                    Stan = (uint)Interlocked.Increment(ref sent[host]),
                };
                request.Key = RequestKey.Of(in request.Request);
                pair.Hosts[host].Submit(request);
                Assert.Equal((CommitOutcome.Committed, AnswerKind.Verified), (await request.Completion, request.Answer.Kind));
                Interlocked.Increment(ref done[host]);
            }
        }
    }
}
