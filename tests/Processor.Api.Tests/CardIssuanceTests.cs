using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Testing;
using Xunit;

namespace Processor.Api.Tests;

public sealed class CardIssuanceTests(PostgresFixture postgres, RedisFixture redis) : IClassFixture<PostgresFixture>, IClassFixture<RedisFixture>
{
    [Fact]
    public async Task An_issued_card_is_in_postgres_in_the_ledger_and_in_the_directory()
    {
        await using var stage = await Stage.OpenAsync(postgres, redis);
        var limits = LimitRecord.None(978);
        limits.All.DayAmount = 500_00;

        var card = await stage.Issuance.IssueAsync(stage.Order(DemoCards.Everyday) with { Limits = limits }, CancellationToken.None);

        var read = await stage.ReadAsync(card.AccountId);
        Assert.Equal((card.Id, CardStatus.Active, 3112), (read.Cards[0].CardId, read.Cards[0].Status, read.Cards[0].Expiry));
        Assert.Equal(1_000_00, read.Balances[0].Available);
        var way = await stage.Ledger.Cards.FindAsync(stage.Vault.Hash(DemoCards.Everyday), CancellationToken.None);
        Assert.Equal((card.AccountId, stage.Program.Number, new CardInstance(1, 3112, 0)), (way!.AccountId, way.Program, way.Instances[0]));
        var row = await stage.Cards.FindAsync(card.Id, CancellationToken.None);
        Assert.Equal(("47617390", "0010"), (row!.Bin, row.Last4));
        Assert.NotNull(row.IssuedAt);
        Assert.Equal(DemoCards.Everyday, stage.Vault.Decrypt(row.PanCipher, row.Id));
        Assert.Equal(limits, LimitsDocument.Read(row.Limits));
    }

    [Fact]
    public async Task Issuing_a_pan_again_changes_nothing()
    {
        await using var stage = await Stage.OpenAsync(postgres, redis);
        var first = await stage.Issuance.IssueAsync(stage.Order(DemoCards.Frozen) with { Status = CardStatus.Frozen }, CancellationToken.None);

        var again = await stage.Issuance.IssueAsync(stage.Order(DemoCards.Frozen, balance: 7), CancellationToken.None);

        Assert.Equal((first.Id, first.AccountId), (again.Id, again.AccountId));
        var read = await stage.ReadAsync(first.AccountId);
        Assert.Equal((1_000_00, CardStatus.Frozen), (read.Balances[0].Available, Assert.Single(read.Cards).Status));
    }

    [Fact]
    public async Task An_issuance_that_stopped_anywhere_is_finished_by_the_next_and_its_money_comes_once()
    {
        await using var stage = await Stage.OpenAsync(postgres, redis);
        for (var calls = 0; ; calls++)
        {
            var order = stage.Order();
            using var stop = new CancellationTokenSource();
            var stopping = new StoppingLedger(stage.Ledger, stage.Ledger.Cards, calls, stop);
            var issuance = new CardIssuance(stopping, stopping, stage.Cards, stage.Vault, TimeProvider.System);

            var isStopped = false;
            try
            {
                await issuance.IssueAsync(order, stop.Token);
            }
            catch (OperationCanceledException)
            {
                isStopped = true;
            }

            var card = await stage.Issuance.IssueAsync(order, CancellationToken.None);

            var read = await stage.ReadAsync(card.AccountId);
            Assert.Equal(order.CardId, Assert.Single(read.Cards).CardId);
            Assert.Equal(1_000_00, read.Balances[0].Available);
            Assert.NotNull(card.IssuedAt);
            Assert.NotNull(await stage.Ledger.Cards.FindAsync(card.PanHash, CancellationToken.None));
            if (!isStopped)
            {
                Assert.Equal(4, calls);
                break;
            }
        }
    }

    [Fact]
    public async Task Cards_of_a_load_are_issued_once_and_begun_ones_are_finished()
    {
        await using var stage = await Stage.OpenAsync(postgres, redis);
        CardOrder[] Orders(int count) => [.. Enumerable.Range(0, count).Select(index => stage.Order(DemoCards.PanOf(index)))];
        using var stop = new CancellationTokenSource();
        var stopping = new StoppingLedger(stage.Ledger, stage.Ledger.Cards, 100, stop);
        var issuance = new CardIssuance(stopping, stopping, stage.Cards, stage.Vault, TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => issuance.IssueAllAsync(Orders(600), stop.Token));

        var issued = await stage.Issuance.IssueAllAsync(Orders(700), CancellationToken.None);
        var again = await stage.Issuance.IssueAllAsync(Orders(700), CancellationToken.None);

        Assert.Equal((700, 0), (issued, again));
        var rows = await stage.Cards.ListByPanAsync(Enumerable.Range(0, 700).Select(index => stage.Vault.Hash(DemoCards.PanOf(index))), CancellationToken.None);
        Assert.Equal(700, rows.Count);
        foreach (var row in rows.Take(120))
            Assert.Equal(1_000_00, (await stage.ReadAsync(row.AccountId)).Balances[0].Available);
    }

    [Fact]
    public async Task A_drawn_pan_is_of_the_programs_range_and_has_its_check_digit()
    {
        await using var stage = await Stage.OpenAsync(postgres, redis);

        for (var index = 0; index < 20; index++)
        {
            var card = await stage.Issuance.IssueAsync(stage.Order(balance: 0), CancellationToken.None);
            var pan = stage.Vault.Decrypt(card.PanCipher, card.Id);
            Assert.True(pan.HasCheckDigit);
            Assert.True(stage.Program.BinRanges[0].Contains(pan));
        }
    }

    [Fact]
    public async Task An_external_id_belongs_to_one_card()
    {
        await using var stage = await Stage.OpenAsync(postgres, redis);
        var first = await stage.Issuance.IssueAsync(stage.Order() with { ExternalId = "card-7" }, CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<ExternalIdTakenException>(
            () => stage.Issuance.IssueAsync(stage.Order() with { ExternalId = "card-7" }, CancellationToken.None));

        Assert.Equal(first.Id, refusal.CardId);
    }
}
