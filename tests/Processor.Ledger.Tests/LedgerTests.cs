using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Cards;
using Processor.Testing;
using StackExchange.Redis;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>Hosts of one ledger on a real Redis.</summary>
public sealed class LedgerTests : IAsyncLifetime
{
    private readonly Registry registry = new();
    private readonly Past past = new();
    private readonly List<Ledger<Moves>> hosts = [];
    private LocalRedis redis = null!;
    private UInt128 lastKey = 1_000;

    public async Task InitializeAsync() => redis = await LocalRedis.StartOwnAsync();

    public async Task DisposeAsync()
    {
        foreach (var host in hosts)
            await host.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task The_same_key_holds_once()
    {
        var host = await StartAsync();
        var account = await OpenAsync(host, 1_000);

        var first = await RunAsync(host, account, Verb.Hold, 300, key: 7);
        var again = await RunAsync(host, account, Verb.Hold, 300, key: 7);

        Assert.True(first.IsApproved && !first.IsRepeat);
        Assert.True(again.IsApproved && again.IsRepeat);
        Assert.Equal(300, (await ReadAsync(account)).Balance(0).Held);
    }

    [Fact]
    public async Task A_host_that_was_overtaken_decides_again_and_never_spends_twice()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var account = await OpenAsync(one, 1_000);
        await RunAsync(two, account, Verb.Hold, 100);

        var first = await RunAsync(one, account, Verb.Hold, 700);
        var second = await RunAsync(two, account, Verb.Hold, 700);

        Assert.True(first.IsApproved);
        Assert.False(second.IsApproved);
        Assert.Equal(2, second.Decisions);
    }

    [Fact]
    public async Task A_key_that_another_host_used_is_a_repeat_here_too()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var account = await OpenAsync(one, 1_000);
        await RunAsync(two, account, Verb.Hold, 1);
        await RunAsync(one, account, Verb.Hold, 200, key: 9);

        var repeat = await RunAsync(two, account, Verb.Hold, 200, key: 9);

        Assert.True(repeat.IsRepeat && repeat.IsApproved);
        Assert.Equal(201, (await ReadAsync(account)).Balance(0).Held);
    }

    [Fact]
    public async Task Repeats_that_wait_for_an_account_are_told_from_one_reading_of_it()
    {
        const int Repeats = 400;
        var (one, two) = (await StartAsync(), await StartAsync());
        var account = await OpenAsync(one, 1_000);
        await RunAsync(one, account, Verb.Hold, 200, key: 9);
        using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var before = await CountReadingsAsync();
        var repeats = Enumerable.Range(0, Repeats).Select(_ => Make(account, Verb.Hold, 200, key: 9)).ToList();

        foreach (var repeat in repeats)
            two.Submit(repeat);
        await Task.WhenAll(repeats.Select(repeat => repeat.Outcome)).WaitAsync(TimeSpan.FromSeconds(30));

        // Those that come while it is being read wait for the next reading.
        Assert.All(repeats, repeat => Assert.True(repeat.IsRepeat && repeat.IsApproved));
        Assert.InRange(await CountReadingsAsync() - before, 1, Repeats / 4);

        async Task<int> CountReadingsAsync()
        {
            var line = RedisPromise.ValueOf((string)(await connection.GetDatabase().ExecuteAsync("INFO", "commandstats"))!, "cmdstat_hgetall");
            return line is null ? 0 : int.Parse(line["calls=".Length..line.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task An_account_that_does_not_exist_is_said_so_and_can_be_opened_after()
    {
        var host = await StartAsync();
        var account = Ulid.Create(TimeProvider.System);

        var early = await RunAsync(host, account, Verb.Hold, 1);
        var opened = await RunAsync(host, account, Verb.Open, 50);
        var late = await RunAsync(host, account, Verb.Hold, 1);

        Assert.Equal(CommitOutcome.AccountNotFound, await early.Outcome);
        Assert.Equal(CommitOutcome.Committed, await opened.Outcome);
        Assert.True(late.IsApproved);
    }

    [Fact]
    public async Task A_lane_that_fails_says_so_and_leaves_nobody_waiting()
    {
        var host = await StartAsync(settings => settings with { Partitions = 1 });
        var account = await OpenAsync(host, 1_000);
        Assert.False(host.Failed.IsCompleted);

        host.Submit(new Move { AccountId = account, Verb = Verb.Hold, Amount = 1, Key = ++lastKey, ThrowsWhenTold = true });
        await host.Failed.WaitAsync(TimeSpan.FromSeconds(30));
        var after = await RunAsync(host, account, Verb.Hold, 1);

        Assert.Equal(CommitOutcome.Unavailable, await after.Outcome);
        Assert.False(host.IsReady);
        await host.DrainAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_decision_that_throws_fails_alone()
    {
        var host = await StartAsync();
        var account = await OpenAsync(host, 1_000);

        var moves = new[] { Make(account, Verb.Hold, 10), Make(account, Verb.Throw, 0), Make(account, Verb.Hold, 20) };
        foreach (var move in moves)
            host.Submit(move);
        var outcomes = await Task.WhenAll(moves.Select(move => move.Outcome));

        Assert.Equal([CommitOutcome.Committed, CommitOutcome.Failed, CommitOutcome.Committed], outcomes);
        Assert.Equal(30, (await ReadAsync(account)).Balance(0).Held);
    }

    [Fact]
    public async Task A_hold_that_only_Postgres_remembers_is_found()
    {
        var host = await StartAsync();
        var account = await OpenAsync(host, 1_000);
        var record = new HoldRecord { State = HoldState.Released, Class = MessageClass.Authorization, Reason = DeclineReason.None };
        past.Holds.Add(new(77, MemoryMarshal.AsBytes(new ReadOnlySpan<HoldRecord>(in record)).ToArray()));

        var repeat = Make(account, Verb.Hold, 5, key: 77, asksHistory: true);
        host.Submit(repeat);

        Assert.Equal(CommitOutcome.Committed, await repeat.Outcome);
        Assert.True(repeat.IsRepeat);
    }

    [Fact]
    public async Task What_Postgres_remembered_is_still_known_when_a_conflict_makes_the_decision_again()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var account = await OpenAsync(one, 1_000);
        await RunAsync(two, account, Verb.Hold, 1);
        await RunAsync(one, account, Verb.Hold, 1);
        Remember(77, posted: -300);

        var undone = Make(account, Verb.Undo, 77, asksHistory: true);
        two.Submit(undone);

        Assert.Equal(CommitOutcome.Committed, await undone.Outcome);
        Assert.True(undone.IsApproved);
        Assert.Equal(3, undone.Decisions);
        Assert.Equal(1_300, (await ReadAsync(account)).Balance(0).Posted);
    }

    [Fact]
    public async Task Redis_knows_better_than_Postgres_what_became_of_a_hold()
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var account = await OpenAsync(one, 1_000);
        for (var index = 0; index < 150; index++)
            await RunAsync(one, account, Verb.Hold, 1);
        await RunAsync(two, account, Verb.Hold, 1);
        Remember(77, posted: -300);
        var first = Make(account, Verb.Undo, 77, asksHistory: true);
        one.Submit(first);
        await first.Outcome;

        // Host two learns of a large account only what it named, so what host one did to the old hold is not among it.
        await RunAsync(two, account, Verb.Hold, 1);
        var second = Make(account, Verb.Undo, 77, asksHistory: true);
        two.Submit(second);
        await second.Outcome;

        Assert.True(first.IsApproved);
        Assert.False(second.IsApproved);
        Assert.Equal(1_300, (await ReadAsync(account)).Balance(0).Posted);
    }

    [Fact]
    public async Task An_operation_whose_history_cannot_be_asked_is_unavailable()
    {
        var host = await StartAsync();
        var account = await OpenAsync(host, 1_000);
        past.IsAway = true;

        var repeat = Make(account, Verb.Hold, 5, key: 78, asksHistory: true);
        host.Submit(repeat);

        Assert.Equal(CommitOutcome.Unavailable, await repeat.Outcome);
    }

    [Fact]
    public async Task A_killed_Redis_loses_nothing_that_was_committed_and_nothing_is_done_twice()
    {
        var host = await StartAsync();
        var account = await OpenAsync(host, 1_000_000);
        var moves = Enumerable.Range(0, 2_000).Select(_ => Make(account, Verb.Hold, 1)).ToList();

        foreach (var move in moves)
            host.Submit(move);
        await moves[50].Outcome;
        redis.Kill();
        await redis.RestartAsync();
        var outcomes = await Task.WhenAll(moves.Select(move => move.Outcome));

        Assert.All(outcomes, outcome => Assert.Equal(CommitOutcome.Committed, outcome));
        var state = await ReadAsync(account);
        Assert.Equal(2_000, state.Balance(0).Held);
        Assert.Equal(2_000, state.Account.OpenHolds);
        Assert.Equal(2_000, (await EventsAsync(account)).Sum(record => record.HeldDelta));
    }

    [Fact]
    public async Task An_emptied_Redis_stops_the_partition_instead_of_guessing()
    {
        var host = await StartAsync();
        var account = await OpenAsync(host, 1_000);
        await redis.FlushAsync();

        var move = await RunAsync(host, account, Verb.Hold, 1);

        Assert.Equal(CommitOutcome.Unavailable, await move.Outcome);
        Assert.False(host.IsReady);
    }

    [Fact]
    public async Task An_account_that_lost_a_field_is_not_decided_on()
    {
        var account = await OpenAsync(await StartAsync(), 1_000);
        var key = new AccountAggregate(account, RedisNames.PartitionOf(account, PartitionCount)).RedisKey;
        byte[] balance = [(byte)'b', .. BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(Currency.Eur.Numeric))];
        using (var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString))
            Assert.True(await connection.GetDatabase().HashDeleteAsync(key, balance));

        var move = await RunAsync(await StartAsync(), account, Verb.Hold, 1);

        Assert.Equal(CommitOutcome.Unavailable, await move.Outcome);
    }

    [Fact]
    public async Task A_journal_at_its_bound_declines_and_recovers_when_it_is_drained()
    {
        var host = await StartAsync(settings => settings with { JournalEntriesMax = 5, Partitions = 1 });
        var account = await OpenAsync(host, 1_000);
        var outcomes = new List<CommitOutcome>();
        for (var index = 0; index < 6; index++)
            outcomes.Add(await (await RunAsync(host, account, Verb.Hold, 1)).Outcome);

        var entries = await host.Journal.ReadAsync(0, JournalId.Zero, 100, CancellationToken.None);
        await host.Journal.TrimAsync(0, entries[^1].Id, CancellationToken.None);
        var after = await RunAsync(host, account, Verb.Hold, 1);

        Assert.Equal(4, outcomes.Count(outcome => outcome == CommitOutcome.Committed));
        Assert.Equal(CommitOutcome.Unavailable, outcomes[^1]);
        Assert.Equal(CommitOutcome.Committed, await after.Outcome);
        Assert.Equal(5, (await ReadAsync(account)).Balance(0).Held);
    }

    [Fact]
    public async Task An_answer_that_comes_twice_is_told_to_no_other_call()
    {
        const int Doubles = 4;
        await using var proxy = RedisProxy.Start(redis.Port, seed: 1);
        var host = await StartAsync(settings => settings with { Redis = proxy.ConnectionString });
        var accounts = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => OpenAsync(host, 1_000_000)));
        proxy.Faults = new ProxyFaults { OfReplies = [(ProxyFault.Double, 0.05)] };

        // What else is asked meanwhile: entries of each partition are told as those of that partition.
        var reading = Enumerable.Range(0, PartitionCount).Select(partition => Task.Run(async () =>
        {
            while (proxy.CountOf(ProxyFault.Double, isReply: true) < Doubles)
            {
                foreach (var entry in await host.Journal.ReadAsync(partition, JournalId.Zero, 2, CancellationToken.None))
                    Assert.Equal(partition, PartitionOf(entry));
            }
        })).ToList();
        var moves = new List<Move>();
        while (!reading.TrueForAll(task => task.IsCompleted))
            moves.AddRange(await Task.WhenAll(accounts.Select(account => RunAsync(host, account, Verb.Hold, 1))));
        proxy.Faults = ProxyFaults.None;
        await Task.WhenAll(reading);

        foreach (var move in moves)
            Assert.Equal((CommitOutcome.Committed, true), (await move.Outcome, move.IsApproved));
        foreach (var account in accounts)
            Assert.Equal(moves.Count / accounts.Length, (await ReadAsync(account)).Balance(0).Held);
    }

    [Fact]
    public Task Two_hosts_at_once_end_where_the_journal_says() => Seeds.RunAsync(20260101, async random =>
    {
        var (one, two) = (await StartAsync(), await StartAsync());
        var accounts = new List<Ulid>();
        for (var index = 0; index < 5; index++)
            accounts.Add(await OpenAsync(one, 2_000));
        var moves = new List<Move>();
        for (var index = 0; index < 6_000; index++)
        {
            var verb = random.Next(10) switch { < 6 => Verb.Hold, < 8 => Verb.Post, _ => Verb.Release };
            var amount = verb == Verb.Release ? random.Next(1_000, 1_000 + index + 1) : random.Next(1, 50);
            var move = Make(accounts[random.Next(accounts.Count)], verb, amount);
            moves.Add(move);
            (random.Next(2) == 0 ? one : two).Submit(move);
            if (index % 100 == 99)
                await move.Outcome;
        }

        var outcomes = await Task.WhenAll(moves.Select(move => move.Outcome));

        Assert.All(outcomes, outcome => Assert.Equal(CommitOutcome.Committed, outcome));
        foreach (var account in accounts)
        {
            var state = await ReadAsync(account);
            var events = await EventsAsync(account);
            var balance = state.Balance(0);
            Assert.True(balance.Available >= 0);
            Assert.Equal(balance.Held, events.Sum(record => record.HeldDelta));
            Assert.Equal(balance.Posted, events.Sum(record => record.PostedDelta));
            var held = 0L;
            for (var slot = 0; slot < state.HoldSlots; slot++)
                held += state.Hold(slot).Held;
            Assert.Equal(balance.Held, held);
            (long posted, long heldAfter) = (0, 0);
            foreach (var record in events)
            {
                posted += record.PostedDelta;
                heldAfter += record.HeldDelta;
                Assert.Equal((posted, heldAfter), (record.PostedAfter, record.HeldAfter));
            }
        }
    });

    private async Task<Ledger<Moves>> StartAsync(Func<LedgerSettings, LedgerSettings>? adapt = null)
    {
        var settings = new LedgerSettings { Redis = redis.ConnectionString, Partitions = 3 };
        settings = adapt?.Invoke(settings) ?? settings;
        var host = await Ledger<Moves>.OpenAsync(settings, registry, past, recovery: null, default, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        hosts.Add(host);
        return host;
    }

    private void Remember(UInt128 key, long posted)
    {
        var record = new HoldRecord { State = HoldState.Posted, Class = MessageClass.Financial, Stan = (uint)key, BillingCurrency = 978, PostedDelta = posted };
        past.Holds.Add(new(key, MemoryMarshal.AsBytes(new ReadOnlySpan<HoldRecord>(in record)).ToArray()));
    }

    private async Task<Ulid> OpenAsync(Ledger<Moves> host, long amount)
    {
        var account = Ulid.Create(TimeProvider.System);
        Assert.Equal(CommitOutcome.Committed, await (await RunAsync(host, account, Verb.Open, amount)).Outcome);
        return account;
    }

    private async Task<Move> RunAsync(Ledger<Moves> host, Ulid account, Verb verb, long amount, UInt128? key = null)
    {
        var move = Make(account, verb, amount, key);
        host.Submit(move);
        await move.Outcome.WaitAsync(TimeSpan.FromSeconds(30));
        return move;
    }

    private Move Make(Ulid account, Verb verb, long amount, UInt128? key = null, bool asksHistory = false) =>
        new() { AccountId = account, Verb = verb, Amount = amount, Key = key ?? ++lastKey, AsksHistory = asksHistory };

    /// <summary>The account as Redis has it, whatever hosts keep near.</summary>
    private async Task<AccountAggregate> ReadAsync(Ulid id)
    {
        using var link = await RedisLink.ConnectAsync(redis.ConnectionString, TimeProvider.System);
        var account = new AccountAggregate(id, RedisNames.PartitionOf(id, PartitionCount));
        foreach (var field in await link.ReadHashAsync(account.RedisKey))
            Assert.True(account.TryLoad(field.Name, field.Value));
        Assert.True(account.HasEveryHeadField);
        return account;
    }

    private async Task<List<EventRecord>> EventsAsync(Ulid id)
    {
        var events = new List<EventRecord>();
        foreach (var entry in await hosts[0].Journal.ReadAsync(RedisNames.PartitionOf(id, PartitionCount), JournalId.Zero, 100_000, CancellationToken.None))
        {
            var reader = new JournalReader(entry.Payload.Span);
            while (reader.TryRead(out var section))
            {
                if (section.AccountId == id)
                    events.AddRange(section.Events);
            }

            Assert.False(reader.IsDamaged);
        }

        return events;
    }

    private int PartitionOf(JournalEntry entry)
    {
        Assert.True(new JournalReader(entry.Payload.Span).TryRead(out var section));
        return RedisNames.PartitionOf(section.AccountId, PartitionCount);
    }

    private int PartitionCount => hosts[0].Journal.Partitions;
}
