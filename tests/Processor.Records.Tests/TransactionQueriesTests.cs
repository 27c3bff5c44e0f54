using Processor.Cards;
using Processor.Ledger;
using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

public sealed class TransactionQueriesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly TestAccount account = new TestAccount(1).Open(1000_00);
    private Records records = null!;
    private TransactionQueries queries = null!;

    public async Task InitializeAsync()
    {
        records = await Records.CreateAsync(postgres);
        queries = new TransactionQueries(records.Database);
    }

    public async Task DisposeAsync() => await records.DisposeAsync();

    [Fact]
    public async Task A_transaction_comes_with_its_merchant_and_its_events_in_order()
    {
        account.Authorize(1, 5_00);
        account.Now += 1000;
        account.Reverse(1);

        var transaction = await OnlyAsync();

        Assert.Equal(("MERCHANT0000001", "CORNER SHOP", "LISBON", "PT", "TERM0001"), (transaction.MerchantId, transaction.MerchantName, transaction.MerchantCity, transaction.MerchantCountry, transaction.Terminal));
        Assert.Equal((TransactionKind.Purchase, 5_00L, Currency.Eur, Currency.Eur), (transaction.Kind, transaction.Asked, transaction.Currency, transaction.BillingCurrency));
        Assert.Equal([EventType.Authorization, EventType.AuthorizationReversal], transaction.Events.Select(item => item.Type));
        Assert.Equal((995_00L, 5_00L, 1000_00L), (transaction.Events[0].AvailableAfter, transaction.Events[0].HeldAfter, transaction.Events[0].PostedAfter));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(account.Now), transaction.Events[1].At);
        Assert.Null(transaction.HoldExpiresAt);
        Assert.Equal(transaction.Id, (await queries.FindAsync(transaction.Id, CancellationToken.None))!.Id);
    }

    [Fact]
    public async Task What_is_held_is_told_with_its_end()
    {
        account.Authorize(1, 5_00);

        var transaction = await OnlyAsync();

        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(account.Aggregate.Account.NextDue), transaction.HoldExpiresAt);
    }

    [Fact]
    public async Task A_decline_says_why()
    {
        var id = account.Decline(1, 5_00, DeclineReason.AmountLimit);
        await records.ProjectAsync(account.Commit());

        var transaction = await queries.FindAsync(id, CancellationToken.None);

        Assert.Equal((TransactionStatus.Declined, DeclineReason.AmountLimit), (transaction!.Status, transaction.Reason));
    }

    [Fact]
    public async Task Pages_go_both_ways_and_miss_nothing()
    {
        for (var number = 1; number <= 10; number++)
        {
            account.Now += 1;
            account.Authorize((UInt128)number, number);
        }

        account.Reverse(9);
        await records.ProjectAsync(account.Commit());

        var first = await queries.ListOlderAsync(account.CardId, before: null, 4, CancellationToken.None);
        var second = await queries.ListOlderAsync(account.CardId, first[^1].Id, 4, CancellationToken.None);
        var back = await queries.ListNewerAsync(account.CardId, second[^1].Id, 5, CancellationToken.None);

        Assert.Equal([10L, 9L, 8L, 7L], first.Select(transaction => transaction.Asked));
        Assert.Equal([6L, 5L, 4L, 3L], second.Select(transaction => transaction.Asked));
        Assert.Equal([4L, 5L, 6L, 7L, 8L], back.Select(transaction => transaction.Asked));
        Assert.Equal([1, 2, 1, 1], first.Select(transaction => transaction.Events.Count));
        Assert.Empty(await queries.ListOlderAsync(new Ulid(1), before: null, 4, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_due_is_found_until_it_is_settled()
    {
        var accounts = new DueAccountQueries(records.Database);
        account.Authorize(1, 5_00);
        var due = DateTimeOffset.FromUnixTimeMilliseconds(account.Aggregate.Account.NextDue);
        await records.ProjectAsync(account.Commit());

        Assert.Empty(await accounts.ListAsync(due.AddMilliseconds(-1), after: default, 10, CancellationToken.None));
        var page = await accounts.ListAsync(due, after: default, 10, CancellationToken.None);
        Assert.Equal([(account.Id, due)], page);
        Assert.Empty(await accounts.ListAsync(due, page[^1], 10, CancellationToken.None));

        account.Expire(1);
        await records.ProjectAsync(account.Commit());
        Assert.Empty(await accounts.ListAsync(due, after: default, 10, CancellationToken.None));
    }

    [Fact]
    public async Task An_account_is_told_with_its_balances()
    {
        account.Authorize(1, 5_00);
        await records.ProjectAsync(account.Commit());

        var balance = Assert.Single(await new AccountQueries(records.Database).ListBalancesAsync(account.Id, CancellationToken.None));

        Assert.Equal((1000_00L, 5_00L, 995_00L, Currency.Eur, AccountStatus.Open), (balance.Posted, balance.Held, balance.Available, balance.Currency, balance.Status));
    }

    [Fact]
    public async Task A_card_tells_how_it_came_to_its_state()
    {
        account.SetCard(CardStatus.Frozen);
        await records.ProjectAsync(account.Commit());
        account.SetCard(CardStatus.Closed);
        await records.ProjectAsync(account.Commit());
        var cards = new CardStateQueries(records.Database);

        var moves = await cards.ListTransitionsAsync(account.CardId, 2, CancellationToken.None);
        var all = await cards.ListTransitionsAsync(account.CardId, 10, CancellationToken.None);
        var state = Assert.Single(await cards.ListAsync([account.CardId, new Ulid(4)], CancellationToken.None));

        Assert.Equal([(CardStatus.Frozen, CardStatus.Closed), (CardStatus.Active, CardStatus.Frozen)], moves.Select(move => (move.From!.Value, move.To)));
        Assert.Equal((3, null), (all.Count, all[^1].From));
        Assert.Equal((CardStatus.Closed, 3, 1), (state.Status, state.Revision, state.Ordinal));
    }

    private async Task<Transaction> OnlyAsync()
    {
        await records.ProjectAsync(account.Commit());
        return Assert.Single(await queries.ListOlderAsync(account.CardId, before: null, 10, CancellationToken.None));
    }
}
