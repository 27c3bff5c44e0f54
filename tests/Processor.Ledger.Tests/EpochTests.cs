using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Cards;
using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>What becomes of operations and partitions when an epoch ends, or the host does.</summary>
public sealed class EpochTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Registry registry = new();
    private readonly Recovery recovery = new(partitions: 1);
    private readonly Past past = new();
    private LocalRedis redis = null!;
    private RedisLink link = null!;

    public async Task InitializeAsync()
    {
        redis = await LocalRedis.StartOwnAsync();
        link = await RedisLink.ConnectAsync(redis.ConnectionString, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        link.Dispose();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task What_a_lost_call_did_before_its_epoch_ended_is_found_out_and_told_in_the_next()
    {
        await using var proxy = RedisProxy.Start(redis.Port, seed: 1);
        await using var host = await StartAsync(proxy.ConnectionString);
        var account = await Move.OpenAsync(host);
        var hold = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7 };

        proxy.Faults = new ProxyFaults { OfReplies = [(ProxyFault.Lose, 1)] };
        host.Submit(hold);
        await UntilAsync(async () => await link.FindStreamEndAsync(RedisNames.Journal(0)) == new JournalId(1, 1));

        // Another host rebuilds the partition meanwhile, with what the call did.
        await link.EvaluateAsync("return redis.call('DEL', KEYS[1])", [RedisNames.Meta(0)], []);
        await link.SetFieldAsync(RedisNames.Meta(0), "epoch", "2", onlyNew: true);
        recovery[0] = new PartitionStanding(2, PartitionState.Ready, JournalId.Zero);
        proxy.Faults = ProxyFaults.None;

        Assert.Equal(CommitOutcome.Committed, await hold.Outcome.WaitAsync(Patience));
        Assert.True(hold.IsApproved && hold.IsRepeat);
        Assert.Equal(DecideResult.Changed, hold.Result);
        Assert.Equal(new JournalId(1, 1), await link.FindStreamEndAsync(RedisNames.Journal(0)));
    }

    [Fact]
    public async Task What_a_lost_call_did_not_do_before_its_epoch_ended_is_done_once_in_the_next()
    {
        await using var proxy = RedisProxy.Start(redis.Port, seed: 1);
        await using var host = await StartAsync(proxy.ConnectionString);
        var account = await Move.OpenAsync(host);
        var hold = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7 };

        var resends = 0L;
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref resends, count));
        listener.EnableMeasurementEvents(host.Metrics.Resends);
        proxy.Faults = new ProxyFaults { OfCommands = [(ProxyFault.Lose, 1)] };
        host.Submit(hold);
        await UntilAsync(() => Task.FromResult(Interlocked.Read(ref resends) > 0));
        await link.EvaluateAsync("return redis.call('DEL', KEYS[1])", [RedisNames.Meta(0)], []);
        await link.SetFieldAsync(RedisNames.Meta(0), "epoch", "2", onlyNew: true);
        recovery[0] = new PartitionStanding(2, PartitionState.Ready, JournalId.Zero);
        proxy.Faults = ProxyFaults.None;

        Assert.Equal(CommitOutcome.Committed, await hold.Outcome.WaitAsync(Patience));
        Assert.True(hold.IsApproved && !hold.IsRepeat);
        Assert.Equal(new JournalId(2, 0), await link.FindStreamEndAsync(RedisNames.Journal(0)));
    }

    [Fact]
    public async Task An_end_that_could_not_be_told_at_once_is_told_later()
    {
        await using var host = await StartAsync(redis.ConnectionString);
        recovery.FailsToEnd = true;
        await redis.FlushAsync();
        await UntilAsync(() => Task.FromResult(recovery.Tries > 0));

        recovery.FailsToEnd = false;

        await UntilAsync(() => Task.FromResult(recovery[0].Epoch == 2));
    }

    [Fact]
    public async Task Who_rebuilds_while_another_has_begun_writes_no_further_account()
    {
        var accounts = new[] { Ulid.Create(TimeProvider.System), Ulid.Create(TimeProvider.System) };
        var (begun, finished, wasWritten) = (0, 0, true);
        Rebuild Begin(int attempt) => new(
            [.. accounts.Select(id => new RebuiltAccount(id, [new("a"u8.ToArray(), "state"u8.ToArray())], []))],
            async id =>
            {
                // The second attempt begins when the first has written its first account, and nothing else.
                if (attempt == 1 && id == accounts[1])
                    await link.SetFieldAsync(RedisNames.Meta(0), "rebuild", "another", onlyNew: false);
                if (attempt == 2 && id == accounts[0])
                    wasWritten = (await link.ReadHashAsync(RedisNames.Account(0, accounts[1]))).Length > 0;
            },
            () =>
            {
                finished++;
                recovery[0] = new PartitionStanding(2, PartitionState.Ready, JournalId.Zero);
            });
        recovery.Rebuild = () => Begin(++begun);
        await using var host = await StartAsync(redis.ConnectionString);

        await redis.FlushAsync();
        await UntilAsync(() => Task.FromResult(recovery[0] is { Epoch: 2, State: PartitionState.Ready }));

        Assert.False(wasWritten);
        Assert.Equal((2, 1), (begun, finished));
        Assert.Single(await link.ReadHashAsync(RedisNames.Account(0, accounts[1])));
        Assert.Equal("2", (string?)await link.ReadFieldAsync(RedisNames.Meta(0), "epoch"));
        Assert.True((await link.ReadFieldAsync(RedisNames.Meta(0), "rebuild")).IsNull);
    }

    [Fact]
    public async Task A_Redis_that_was_put_back_tells_nothing_before_it_was_looked_at()
    {
        await using var one = await StartAsync(redis.ConnectionString);
        await using var two = await StartAsync(redis.ConnectionString);
        var account = await Move.OpenAsync(one);
        redis.CopyFiles();
        var hold = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7 };
        one.Submit(hold);
        Assert.Equal(CommitOutcome.Committed, await hold.Outcome.WaitAsync(Patience));

        // Nothing is admitted while Postgres is away. The epoch in the older file is the valid one, and the hold is not there.
        recovery.FailsToBeat = true;
        await redis.RewindAsync();
        await UntilAsync(() => Task.FromResult(two.IsReady));
        var release = new Move { AccountId = account, Verb = Verb.Release, Amount = 7, Key = 8 };
        two.Submit(release);

        Assert.Equal(CommitOutcome.Unavailable, await release.Outcome.WaitAsync(Patience));
    }

    [Fact]
    public async Task What_must_be_read_first_waits_for_a_Redis_that_is_started_again()
    {
        await using var one = await StartAsync(redis.ConnectionString);
        await using var two = await StartAsync(redis.ConnectionString, refusalMaxSeconds: 30);
        var account = await Move.OpenAsync(one);
        var hold = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7 };

        redis.Kill();
        two.Submit(hold);
        await UntilAsync(() => Task.FromResult(two.Describe().Contains("outside 1", StringComparison.Ordinal)));
        await redis.RestartAsync();

        Assert.Equal(CommitOutcome.Committed, await hold.Outcome.WaitAsync(Patience));
    }

    [Fact]
    public async Task What_waits_for_accounts_that_must_be_read_is_bounded()
    {
        const int QueueMax = 10;
        await using var host = await StartAsync(redis.ConnectionString, refusalMaxSeconds: 60, QueueMax);
        redis.Kill();
        var moves = new List<Move>();
        for (var number = 0; number < 5 * QueueMax; number++)
        {
            moves.Add(new Move { AccountId = Ulid.Create(TimeProvider.System), Verb = Verb.Hold, Amount = 1, Key = (UInt128)number });
            host.Submit(moves[^1]);
            await UntilAsync(() => Task.FromResult(host.Describe().Contains("waiting 0, in turn False", StringComparison.Ordinal)));
        }

        Assert.Equal(4 * QueueMax, moves.Count(move => move.Outcome.IsCompletedSuccessfully && move.Outcome.Result == CommitOutcome.Unavailable));
        await redis.RestartAsync();
        Assert.All(await Task.WhenAll(moves.Take(QueueMax).Select(move => move.Outcome)).WaitAsync(Patience), outcome => Assert.Equal(CommitOutcome.AccountNotFound, outcome));
    }

    [Fact]
    public async Task While_no_epoch_is_valid_nothing_is_told_from_what_Redis_has()
    {
        await using var one = await StartAsync(redis.ConnectionString);
        await using var two = await StartAsync(redis.ConnectionString);
        var account = await Move.OpenAsync(one);
        one.Submit(new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7 });
        var repeat = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7 };

        await UntilAsync(async () => await link.FindStreamEndAsync(RedisNames.Journal(0)) == new JournalId(1, 1));
        await link.SetFieldAsync(RedisNames.Meta(0), "epoch", "ended", onlyNew: false);
        two.Submit(repeat);

        Assert.Equal(CommitOutcome.Unavailable, await repeat.Outcome.WaitAsync(Patience));
    }

    [Fact]
    public async Task What_history_tells_when_the_host_has_ended_leaves_nobody_waiting()
    {
        var host = await StartAsync(redis.ConnectionString);
        var account = await Move.OpenAsync(host);
        var move = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7, AsksHistory = true };
        past.Gate = new TaskCompletionSource();
        host.Submit(move);
        await past.Asked.WaitAsync(Patience);

        await host.DisposeAsync();
        past.Gate.SetResult();

        Assert.Equal(CommitOutcome.Unavailable, await move.Outcome.WaitAsync(Patience));
    }

    [Fact]
    public async Task What_was_under_way_when_the_host_stopped_is_told_neither_as_done_nor_as_not_done()
    {
        var host = await StartAsync(redis.ConnectionString);
        var account = await Move.OpenAsync(host);
        var hold = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7 };
        var next = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 8 };
        redis.Pause();
        host.Submit(hold);
        await UntilAsync(() => Task.FromResult(host.Describe().Contains("waiting 0, in turn True", StringComparison.Ordinal)));
        host.Submit(next);

        await host.DisposeAsync();
        redis.Continue();

        Assert.Equal(CommitOutcome.Unknown, await hold.Outcome.WaitAsync(Patience));
        Assert.Equal(CommitOutcome.Unavailable, await next.Outcome.WaitAsync(Patience));
        await using var other = await StartAsync(redis.ConnectionString);
        var repeat = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7 };
        other.Submit(repeat);
        Assert.Equal(CommitOutcome.Committed, await repeat.Outcome.WaitAsync(Patience));
        Assert.Equal(new JournalId(1, 1), await link.FindStreamEndAsync(RedisNames.Journal(0)));
    }

    [Fact]
    public async Task What_undoes_a_late_answer_is_taken_while_the_host_drains()
    {
        await using var host = await StartAsync(redis.ConnectionString);
        var account = await Move.OpenAsync(host);
        await host.DrainAsync(CancellationToken.None);
        var undoing = new Move { IsUndoing = true, AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 7 };
        var late = new Move { AccountId = account, Verb = Verb.Hold, Amount = 100, Key = 8 };

        host.Submit(undoing);
        host.Submit(late);

        Assert.Equal(CommitOutcome.Committed, await undoing.Outcome.WaitAsync(Patience));
        Assert.Equal(CommitOutcome.Unavailable, await late.Outcome.WaitAsync(Patience));
    }

    [Fact]
    public void What_comes_when_the_lane_has_ended_is_not_taken()
    {
        var inbox = new Inbox(capacity: 2);
        inbox.Close();

        Assert.False(inbox.TryAdd(new Move { Verb = Verb.Hold }));
        Assert.False(inbox.TryPutBack([new Move { Verb = Verb.Hold }]));
        Assert.Equal(0, inbox.Count);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
            await Task.Delay(1, patience.Token);
    }

    private Task<Ledger<Moves>> StartAsync(string connection, int refusalMaxSeconds = 1, int queueMax = 1_000) => Ledger<Moves>.OpenAsync(
        new LedgerSettings { Redis = connection, Partitions = 1, CallTimeout = TimeSpan.FromMilliseconds(1500), RefusalMax = TimeSpan.FromSeconds(refusalMaxSeconds), QueueMax = queueMax },
        registry, past, recovery, default, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
}
