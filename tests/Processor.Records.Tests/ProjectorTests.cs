using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Processor.Cards;
using Processor.Ledger;
using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

public sealed class ProjectorTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string EventsSql = "select count(*)::integer from transaction_event";
    private const string PositionSql = "select seq from projector_position where partition = 0";
    private const string ReasonsSql = "select reason from journal_exception order by id";

    private readonly TestClock clock = new();
    private readonly StreamsInMemory streams = new(1);

    [Fact]
    public async Task A_transaction_is_projected_with_its_hold_and_its_balances()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        var key = account.Authorize(77, 12_50);

        await ProjectAsync(records, account.Commit());

        Assert.Equal(("MERCHANT0000001", "CORNER SHOP", "LISBON", "PT", 5411, 412345L), await records.AskAsync<(string, string, string, string, int, long)>(
            "select merchant_id, merchant_name, merchant_city, merchant_country, merchant_category, acquirer from transaction"));
        Assert.Equal((12_50L, 12_50L, 100_00L, 12_50L, 87_50L, "608812000001", "A1B2C3"), await records.AskAsync<(long, long, long, long, long, string, string)>(
            "select billing_amount, held_delta, posted_after, held_after, available_after, retrieval_reference, approval_code from transaction_event"));
        Assert.Equal((1, 12_50L), await records.AskAsync<(short, long)>("select state, held from hold"));
        Assert.Equal(account.Image(key), await records.AskAsync<byte[]>("select image from hold"));
        Assert.Equal((100_00L, 12_50L, 0L), await records.AskAsync<(long, long, long)>("select posted, held, credit_limit from account_balance"));
        Assert.Equal((9, 1, 1), await records.AskAsync<(int, int, int)>("select program, open_holds, status::integer from account_state"));
    }

    [Fact]
    public async Task A_posting_has_an_other_side_and_a_hold_has_none()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        account.Authorize(1, 5_00);
        account.Purchase(2, 7_00);

        await ProjectAsync(records, account.Commit());

        Assert.Empty(await records.ListAsync<string>(ReasonsSql));
        var rows = await records.ListAsync<(Guid Account, long Amount)>("select account_id, amount from ledger_entry order by event_id, amount");
        Assert.Equal(
            [(CounterAccount.ProgramFunds(TestAccount.Program).ToGuid(), -100_00L), (account.Id.ToGuid(), 100_00L), (account.Id.ToGuid(), -7_00L), (CounterAccount.NetworkSettlement(TestAccount.Network).ToGuid(), 7_00L)],
            rows);
        Assert.Empty(await new BooksCheck(records.Database).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Later_events_join_their_transaction_and_change_its_hold()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        var key = account.Authorize(1, 5_00);
        var first = account.Commit();
        account.Reverse(key);

        await ProjectAsync(records, first, account.Commit());

        Assert.Equal(1, await records.AskAsync<int>("select count(*)::integer from transaction"));
        Assert.Equal(2, await records.AskAsync<int>(EventsSql));
        Assert.Equal((3, 0L), await records.AskAsync<(short, long)>("select state, held from hold"));
        Assert.Equal(account.Image(key), await records.AskAsync<byte[]>("select image from hold"));
        Assert.Empty(await new BooksCheck(records.Database).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Cards_and_limits_are_projected_as_they_are_now()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(0);
        account.SetCard(CardStatus.Frozen);
        account.SetCard(CardStatus.Active);
        account.SetLimits(LimitRecord.None(TestAccount.Eur));

        await ProjectAsync(records, account.Commit());

        Assert.Equal((1, 3), await records.AskAsync<(short, int)>("select status, revision from card_state where card_id = @Id", new { Id = account.CardId }));
        Assert.Equal([1, 2, 1], await records.ListAsync<short>("select status from card_transition order by id"));
        Assert.Equal(Unsafe.SizeOf<LimitRecord>(), await records.AskAsync<int>("select octet_length(image) from limit_state where ordinal = 1"));
    }

    [Fact]
    public async Task A_hold_that_redis_let_go_stays()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        var key = account.Authorize(1, 5_00);
        account.Reverse(key);
        var first = account.Commit();
        var image = account.Image(key);
        account.Now += 3_600_000;
        account.Aggregate.BeginAt(account.Now);
        account.Aggregate.Prune(repeatWindow: 1, projectedThrough: account.Now);

        await ProjectAsync(records, first, account.Commit());

        Assert.Equal(-1, account.Aggregate.FindHold(key));
        Assert.Equal(image, await records.AskAsync<byte[]>("select image from hold"));
    }

    [Fact]
    public async Task Two_accounts_may_have_the_same_key()
    {
        await using var records = await JoinedAsync();
        TestAccount first = new TestAccount(1).Open(100_00), second = new TestAccount(2).Open(100_00);
        first.Authorize(7, 1_00);
        second.Authorize(7, 2_00);

        await ProjectAsync(records, [.. first.Commit(), .. second.Commit()]);

        var history = new History(records.Database);
        Assert.Equal(first.Image(7), Assert.Single(await history.FindAsync(first.Id, 7, default, Ulid.None, CancellationToken.None)).Value);
        Assert.Equal(second.Image(7), Assert.Single(await history.FindAsync(second.Id, 7, default, Ulid.None, CancellationToken.None)).Value);
        Assert.Empty(await new BooksCheck(records.Database).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Each_event_is_projected_once_however_often_projectors_run()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        for (var number = 1; number <= 20; number++)
        {
            account.Authorize((UInt128)number, 1_00);
            streams.Add(0, account.Commit());
        }

        await RecordAsync(records);
        var projectors = Enumerable.Range(0, 4).Select(_ => Projector(records, records.Settings with { EntriesMax = 3 })).ToList();
        foreach (var projector in projectors)
            await projector.BeginRoundAsync(CancellationToken.None);

        // All start from one position, without the lock that would keep them from it.
        await Task.WhenAll(projectors.Select(projector => Task.Run(() => projector.StepAsync(0, CancellationToken.None))));
        foreach (var projector in projectors)
            await RunAsync(projector);

        Assert.Equal(20, await records.AskAsync<int>(EventsSql));
        Assert.Equal(23, await records.AskAsync<int>("select sum(events)::integer from outbox"));
        Assert.Equal(19, await records.AskAsync<long>(PositionSql));
        Assert.Empty(await new BooksCheck(records.Database).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_crash_before_the_commit_leaves_neither_rows_nor_position()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        account.Authorize(1, 5_00);
        streams.Add(0, account.Commit());
        await RecordAsync(records);

        // The outbox is written after the transactions and the entries: the session is ended there.
        await records.DoAsync("""
            create function crash() returns trigger language plpgsql as $$
            begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
            create trigger crash before insert on outbox for each statement execute function crash();
            """);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => RunAsync(Projector(records)));
        Assert.Equal(0, await records.AskAsync<int>("select (select count(*) from transaction_event)::integer + (select count(*) from ledger_entry)::integer"));
        Assert.Equal(0, await records.AskAsync<long>(PositionSql));

        await records.DoAsync("drop trigger crash on outbox");
        await RunAsync(Projector(records));

        Assert.Equal(1, await records.AskAsync<int>(EventsSql));
        Assert.Empty(await new BooksCheck(records.Database).RunAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_damaged_entry_is_noted_and_blocks_nothing()
    {
        await using var records = await JoinedAsync();
        TestAccount first = new TestAccount(1).Open(1_00), second = new TestAccount(2).Open(2_00), third = new TestAccount(3).Open(3_00);
        byte[] half = [.. first.Commit(), .. second.Commit()[..^7]];

        await ProjectAsync(records, half, [9, 9, 9], third.Commit());

        Assert.Equal([(0L, 1), (1L, 0)], await records.ListAsync<(long, int)>("select seq, section from journal_exception order by id"));
        Assert.Equal([1_00L, 3_00L], await records.ListAsync<long>("select posted from account_balance order by posted"));
        Assert.Equal(2, await records.AskAsync<long>(PositionSql));
        Assert.Contains(await new BooksCheck(records.Database).RunAsync(CancellationToken.None), finding => finding.Rule == "everything is projected");
    }

    [Fact]
    public async Task Damage_at_any_byte_blocks_nothing()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        account.Authorize(1, 5_00);
        var good = account.Commit();

        await Seeds.RunAsync(20260329, async dice =>
        {
            var damaged = Enumerable.Range(0, 150).Select(_ =>
            {
                var bytes = (byte[])good.Clone();
                for (var count = dice.Next(1, 6); count > 0; count--)
                    bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
                return bytes;
            });
            await ProjectAsync(records, [.. damaged]);
        });

        Assert.Equal(149, await records.AskAsync<long>(PositionSql));
    }

    [Fact]
    public async Task What_postgres_refuses_is_noted_and_what_stands_beside_it_is_applied()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        var first = account.Commit();
        account.Authorize(1, 5_00);
        var second = account.Commit();
        account.Authorize(2, 6_00);
        await records.DoAsync("alter table hold add constraint no_five check (held <> 500)");

        await ProjectAsync(records, first, second, account.Commit());

        Assert.Equal(["refused: 23514 no_five"], await records.ListAsync<string>(ReasonsSql));
        Assert.Equal([6_00L], await records.ListAsync<long>("select held from hold"));
        Assert.Equal(2, await records.AskAsync<long>(PositionSql));
    }

    [Fact]
    public async Task An_event_of_a_later_version_is_noted()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        var record = new EventRecord { Type = (EventType)250 };
        account.Aggregate.Record(ref record);

        await ProjectAsync(records, account.Commit());

        Assert.Equal(["an event of another layout"], await records.ListAsync<string>(ReasonsSql));
        Assert.Equal(3, await records.AskAsync<int>("select event from journal_exception"));
        Assert.Equal(100_00, await records.AskAsync<long>("select posted from account_balance"));
    }

    [Fact]
    public async Task Padding_and_foreign_bytes_of_a_message_become_readable_text()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        account.Authorize(1, 5_00, hold =>
        {
            TestAccount.Put(hold.RetrievalReference, "ab\0\u0007 x      ");
            TestAccount.Put(hold.ApprovalCode, "      ");
            return hold;
        });

        await ProjectAsync(records, account.Commit());

        Assert.Equal(("ab?? x", null), await records.AskAsync<(string, string?)>("select retrieval_reference, approval_code from transaction_event"));
    }

    [Fact]
    public async Task The_ledger_hears_how_far_postgres_can_answer_once_all_is_projected()
    {
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        streams.Add(0, account.Commit());
        var readAt = clock.Now;
        streams.OnRead = () => clock.Now += TimeSpan.FromMinutes(1);
        await RecordAsync(records);

        var before = streams.Announced[0];
        await RunAsync(Projector(records));

        Assert.Equal(0, before);
        Assert.InRange(streams.Announced[0], readAt.ToUnixTimeMilliseconds(), readAt.AddMinutes(1).ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task The_ledger_hears_nothing_while_something_is_left_to_project()
    {
        await using var records = await JoinedAsync();
        var (projector, _) = await BeginTwoAsync(records);

        Assert.True(await projector.StepAsync(CancellationToken.None));

        Assert.Equal(0, streams.Announced[0]);
    }

    [Fact]
    public async Task A_projector_that_is_behind_tells_how_far_it_has_come()
    {
        await using var records = await JoinedAsync();
        var recorded = clock.GetUtcNow();
        var (projector, account) = await BeginTwoAsync(records);
        Assert.True(await projector.StepAsync(CancellationToken.None));
        clock.Now += TimeSpan.FromMinutes(1);
        account.TopUp(2);
        streams.Add(0, account.Commit());
        await RecordAsync(records);

        Assert.True(await projector.StepAsync(CancellationToken.None));

        Assert.Equal(recorded.ToUnixTimeMilliseconds(), streams.Announced[0]);
        Assert.Equal(TimeSpan.FromMinutes(1), records.Metrics.ProjectionLag(clock));
    }

    [Fact]
    public async Task A_second_projection_makes_the_same_rows()
    {
        const string Print = """
            select md5(string_agg(line, '|' order by line)) from (
                select e::text as line from transaction_event e union all select t::text from transaction t
                union all select l::text from ledger_entry l union all select h::text from hold h
                union all select c::text from card_transition c) as lines
            """;
        await using var records = await JoinedAsync();
        var account = new TestAccount(1).Open(100_00);
        account.Authorize(1, 5_00);
        streams.Add(0, account.Commit());
        account.Purchase(2, 6_00);
        streams.Add(0, account.Commit());
        await RecordAsync(records);
        await RunAsync(Projector(records));
        var first = await records.AskAsync<string>(Print);

        await records.DoAsync("truncate transaction, transaction_event, ledger_entry, hold, card_transition; update projector_position set epoch = 0, seq = 0");
        await RunAsync(Projector(records, records.Settings with { EntriesMax = 1 }));

        Assert.Equal(first, await records.AskAsync<string>(Print));
    }

    /// <summary>A projector that takes one entry at a time, with two of an account to take.</summary>
    private async Task<(Projector Projector, TestAccount Account)> BeginTwoAsync(Records records)
    {
        var account = new TestAccount(1).Open(100_00);
        streams.Add(0, account.Commit());
        account.TopUp(1);
        streams.Add(0, account.Commit());
        await RecordAsync(records);
        return (Projector(records, records.Settings with { EntriesMax = 1 }), account);
    }

    private async Task<Records> JoinedAsync()
    {
        var records = await Records.CreateAsync(postgres);
        await new LedgerRegistry(records.Database).JoinAsync(1, CancellationToken.None);
        return records;
    }

    private async Task ProjectAsync(Records records, params byte[][] payloads)
    {
        foreach (var payload in payloads)
            streams.Add(0, payload);
        await RecordAsync(records);
        await RunAsync(Projector(records));
    }

    private async Task RecordAsync(Records records)
    {
        using var recorder = new JournalRecorder(
            streams, records.Database, records.Settings, records.Metrics, clock, NullLogger<JournalRecorder>.Instance);
        await recorder.StepAsync(0, CancellationToken.None);
        await recorder.StepAsync(0, CancellationToken.None);
    }

    // Without the lock: a projector of this test never ends.
    private static async Task RunAsync(Projector projector)
    {
        do
            await projector.BeginRoundAsync(CancellationToken.None);
        while (await projector.StepAsync(0, CancellationToken.None));
    }

    private Projector Projector(Records records, RecordsSettings? settings = null) =>
        new(streams, records.Database, settings ?? records.Settings, records.Metrics, clock, NullLogger<Projector>.Instance);
}
