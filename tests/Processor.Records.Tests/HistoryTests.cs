using Processor.Cards;
using Processor.Ledger;
using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

public sealed class HistoryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestAccount account = new TestAccount(1).Open(1000_00);
    private Records records = null!;
    private History history = null!;

    public async Task InitializeAsync()
    {
        records = await Records.CreateAsync(postgres);
        history = new History(records.Database);
    }

    public async Task DisposeAsync() => await records.DisposeAsync();

    [Fact]
    public async Task The_own_key_gives_the_last_image()
    {
        account.Authorize(1, 5_00);
        account.Reverse(1);
        await ProjectAsync();

        var found = Assert.Single(await FindAsync(1, default));

        Assert.Equal(account.Image(1), found.Value);
    }

    [Fact]
    public async Task Nothing_is_found_of_another_account_card_or_network()
    {
        account.Authorize(1, 5_00);
        await ProjectAsync();
        var query = ByElements(stan: 1);

        Assert.Empty(await history.FindAsync(new Ulid(5), 1, query, Ulid.None, CancellationToken.None));
        Assert.Empty(await FindAsync(99, query with { Card = 2 }));
        Assert.Empty(await FindAsync(99, query with { Network = 4 }));
    }

    [Fact]
    public async Task Ninety_names_its_original_and_skips_parts_that_are_zero()
    {
        account.Authorize(17, 5_00);
        account.Authorize(18, 6_00);
        await ProjectAsync();
        var full = ByElements(stan: 17) with { Class = MessageClass.Authorization, Transmission = 329_120_000, OriginalAcquirer = 412_345 };

        Assert.Equal((UInt128)17, await OnlyAsync(full));
        Assert.Equal((UInt128)17, await OnlyAsync(full with { OriginalAcquirer = 0, Transmission = 0, Class = MessageClass.None }));
        Assert.Empty(await FindAsync(99, full with { OriginalAcquirer = 1 }));
        Assert.Empty(await FindAsync(99, full with { Transmission = 1 }));
        Assert.Empty(await FindAsync(99, full with { Class = MessageClass.Financial }));
    }

    [Fact]
    public async Task Of_several_the_latest_is_the_original()
    {
        account.Authorize(17, 5_00, hold => hold with { Stan = 7 });
        account.Now += 1;
        account.Authorize(18, 6_00, hold => hold with { Stan = 7 });
        account.Now += 1;
        account.Authorize(19, 7_00);
        await ProjectAsync();

        Assert.Equal((UInt128)18, await OnlyAsync(ByElements(stan: 7)));
        Assert.Equal((UInt128)19, await OnlyAsync(ByElements(stan: 0) with { Transmission = 329_120_000 }));
    }

    [Fact]
    public async Task The_networks_id_comes_after_ninety_and_before_the_reference()
    {
        account.Authorize(17, 5_00, hold => hold with { NetworkId = ulong.MaxValue });
        account.Authorize(18, 6_00);
        await ProjectAsync();
        var query = ByReference() with { NetworkId = ulong.MaxValue };

        Assert.Equal((UInt128)17, await OnlyAsync(query));
        Assert.Equal((UInt128)18, await OnlyAsync(query with { Stan = 18 }));
        Assert.Equal((UInt128)17, await OnlyAsync(query with { Stan = 555 }));
    }

    [Fact]
    public async Task A_reference_needs_acquirer_and_terminal_and_the_code_when_both_have_one()
    {
        account.Authorize(17, 5_00);
        await ProjectAsync();
        var query = ByReference();
        var withCode = query;
        TestAccount.Put(withCode.ApprovalCode, "A1B2C3");
        var withOther = query;
        TestAccount.Put(withOther.ApprovalCode, "ZZZZZZ");

        Assert.Equal((UInt128)17, await OnlyAsync(query));
        Assert.Equal((UInt128)17, await OnlyAsync(withCode));
        Assert.Empty(await FindAsync(99, withOther));
        Assert.Empty(await FindAsync(99, query with { Acquirer = 7 }));
    }

    [Fact]
    public async Task The_own_hold_and_the_original_are_both_given()
    {
        account.Authorize(17, 5_00);
        account.Authorize(18, 6_00);
        await ProjectAsync();

        var found = await FindAsync(18, ByElements(stan: 17));

        Assert.Equal([(UInt128)18, (UInt128)17], found.Select(item => item.Key));
        Assert.Single(await FindAsync(17, ByElements(stan: 17)));
    }

    [Fact]
    public async Task An_original_whose_money_moved_on_comes_with_the_message_that_has_it()
    {
        account.Authorize(17, 5_00);
        var transaction = account.Aggregate.Hold(account.Aggregate.FindHold(17)).Transaction;
        account.Now += 1;
        account.Reverse(17);
        account.Authorize(18, 5_00, hold => hold with { Transaction = transaction });
        account.Authorize(19, 6_00);
        await ProjectAsync();

        var moved = await FindAsync(99, ByElements(stan: 17));
        var own = await FindAsync(99, ByElements(stan: 18));

        Assert.Equal([(UInt128)17, (UInt128)18], moved.Select(item => item.Key));
        Assert.Equal([(UInt128)18], own.Select(item => item.Key));
    }

    [Fact]
    public async Task The_money_of_a_transaction_is_found_in_an_earlier_message_than_the_one_that_is_named()
    {
        account.Authorize(17, 5_00);
        var transaction = account.Aggregate.Hold(account.Aggregate.FindHold(17)).Transaction;
        account.Now += 1;
        account.Authorize(18, 0, hold => hold with { Transaction = transaction, State = HoldState.Noted, Class = MessageClass.AuthorizationAdvice });
        account.Authorize(19, 6_00);
        await ProjectAsync();

        Assert.Equal([(UInt128)18, (UInt128)17], (await FindAsync(99, ByElements(stan: 18))).Select(item => item.Key));

        // The named message may not be recorded yet.
        Assert.Equal([(UInt128)18, (UInt128)17], (await FindAsync(99, ByElements(stan: 99), transaction)).Select(item => item.Key));
    }

    [Fact]
    public async Task Of_a_purchase_what_holds_is_meant_and_then_the_request()
    {
        account.Authorize(17, 5_00, hold => hold with { NetworkId = 7 });
        account.Now += 1;
        account.Authorize(18, 5_00, hold => hold with { NetworkId = 7, Class = MessageClass.FinancialAdvice });
        account.Reverse(17);
        await ProjectAsync();
        var query = ByElements(stan: 0) with { NetworkId = 7 };

        Assert.Equal((UInt128)18, (await FindAsync(99, query))[0].Key);
        account.Reverse(18);
        await ProjectAsync();
        Assert.Equal((UInt128)17, (await FindAsync(99, query))[0].Key);
    }

    [Fact]
    public async Task What_history_finds_the_account_finds_as_the_same_original()
    {
        account.Authorize(17, 5_00);
        account.Authorize(18, 6_00);
        await ProjectAsync();
        var query = ByElements(stan: 17);
        var empty = new AccountAggregate(account.Id, partition: 0);

        foreach (var (key, image) in await FindAsync(99, query))
            empty.LoadHold(key, image);

        Assert.Equal((UInt128)17, empty.HoldKey(empty.FindOriginal(in query)));
    }

    [Theory]
    [InlineData("stan = 78")]
    [InlineData("network_id = 78")]
    [InlineData("retrieval_reference = 'R78'")]
    public async Task Each_way_to_name_an_original_is_served_by_the_index(string way)
    {
        await records.DoAsync("""
            insert into hold (key, account_id, created_at, held, network_id, stan, transmission, network, card, billing_currency, state, retrieval_reference, image)
            select gen_random_uuid(), case when number % 40 = 0 then @AccountId else md5((number % 40)::text)::uuid end,
                now(), 0, number, number % 1000000, number, 3, 1, 978, 3, 'R' || number, ''
            from generate_series(1, 40000) as number;
            analyze hold;
            """, new { AccountId = account.Id });

        var plan = string.Join('\n', await records.ListAsync<string>(
            $"explain select image from hold where account_id = @AccountId and {way} and card = 1 and network = 3", new { AccountId = account.Id }));

        Assert.Contains("hold_by_account", plan, StringComparison.Ordinal);
        Assert.Contains("Index Cond: ((account_id = ", plan, StringComparison.Ordinal);
    }

    private static OriginalQuery ByElements(uint stan) => new() { Card = 1, Network = TestAccount.Network, Stan = stan };

    private static OriginalQuery ByReference()
    {
        var query = new OriginalQuery { Card = 1, Network = TestAccount.Network, Acquirer = 412_345 };
        TestAccount.Put(query.RetrievalReference, "608812000001");
        TestAccount.Put(query.Terminal, "TERM0001");
        return query;
    }

    private async Task<UInt128> OnlyAsync(OriginalQuery query) => Assert.Single(await FindAsync(99, query)).Key;

    private async Task<IReadOnlyList<KeyValuePair<UInt128, byte[]>>> FindAsync(UInt128 key, OriginalQuery query, Ulid transaction = default) =>
        await history.FindAsync(account.Id, key, query, transaction, CancellationToken.None);

    private Task ProjectAsync() => records.ProjectAsync(account.Commit());
}
