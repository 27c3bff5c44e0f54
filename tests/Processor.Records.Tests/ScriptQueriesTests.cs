using Processor.Cards;
using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

public sealed class ScriptQueriesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task An_order_waits_is_kept_for_repeats_once_it_was_sent_and_then_gives_way_to_the_next()
    {
        await using var records = await Records.CreateAsync(postgres);
        var scripts = new ScriptQueries(records.Database);
        var account = new TestAccount(1).Open(100_00);
        await records.ProjectAsync(account.Commit());
        var first = await OrderAsync(scripts, account.CardId, ScriptCommand.PutData, 0x71, 0x9F58, new byte[] { 5 });
        var second = await OrderAsync(scripts, account.CardId, ScriptCommand.PinUnblock, 0x72, 0, default);

        var waiting = Assert.Single(await ListAsync(scripts, Now));
        account.SendScript(first);
        await records.ProjectAsync(account.Commit());
        var sent = Assert.Single(await ListAsync(scripts, Now));
        var later = Assert.Single(await ListAsync(scripts, Now + Window + TimeSpan.FromSeconds(1)));
        account.SendScript(second);
        await records.ProjectAsync(account.Commit());
        await ListAsync(scripts, Now + (2 * Window));

        Assert.Equal((first, account.Id, (ushort)1, ScriptCommand.PutData), (waiting.Number, waiting.AccountId, waiting.Card, waiting.Command));
        Assert.Equal((0x71, 0x9F58, "05"), (waiting.Template, waiting.DataObject, Convert.ToHexString(waiting.Data.Span)));
        Assert.Equal(first, sent.Number);
        Assert.Equal((second, ScriptCommand.PinUnblock, 0x72), (later.Number, later.Command, later.Template));
        Assert.Empty(await ListAsync(scripts, Now + (4 * Window)));
    }

    [Fact]
    public async Task What_the_chip_told_stays_with_its_order()
    {
        await using var records = await Records.CreateAsync(postgres);
        var scripts = new ScriptQueries(records.Database);
        var account = new TestAccount(1).Open(100_00);
        await records.ProjectAsync(account.Commit());
        var first = await OrderAsync(scripts, account.CardId, ScriptCommand.PinUnblock, 0x72, 0, default);
        var second = await OrderAsync(scripts, account.CardId, ScriptCommand.CardBlock, 0x72, 0, default);

        foreach (var (number, result) in new[] { (first, (byte)0x20), (second, (byte)0x10) })
        {
            account.SendScript(number);
            await records.ProjectAsync(account.Commit());
            await ListAsync(scripts, Now);
            account.TellScript(number, result);
            await records.ProjectAsync(account.Commit());
            await ListAsync(scripts, Now);
        }

        var orders = await scripts.ListOlderAsync(account.CardId, before: null, 10, CancellationToken.None);
        Assert.Equal([(second, 0x10), (first, 0x20)], orders.Select(order => (order.Number, (int)order.Result!)));
        Assert.All(orders, order => Assert.Equal((Now, Now), (order.SentAt, order.ResultAt)));
    }

    [Fact]
    public async Task An_order_is_taken_back_once_and_only_while_it_waits()
    {
        await using var records = await Records.CreateAsync(postgres);
        var scripts = new ScriptQueries(records.Database);
        var account = new TestAccount(1).Open(100_00);
        await records.ProjectAsync(account.Commit());
        await OrderAsync(scripts, account.CardId, ScriptCommand.CardBlock, 0x72, 0, default);
        var order = Assert.Single(await scripts.ListOlderAsync(account.CardId, before: null, 10, CancellationToken.None));

        Assert.False(await scripts.CancelAsync(new Ulid(9), order.Id, Now, CancellationToken.None));
        Assert.True(await scripts.CancelAsync(account.CardId, order.Id, Now, CancellationToken.None));
        Assert.False(await scripts.CancelAsync(account.CardId, order.Id, Now, CancellationToken.None));
        Assert.Empty(await ListAsync(scripts, Now));

        // A host that had it at hand already has sent it: then that is what is told.
        account.SendScript(order.Number);
        await records.ProjectAsync(account.Commit());
        await ListAsync(scripts, Now);
        Assert.Equal(Now, (await scripts.FindAsync(account.CardId, order.Id, CancellationToken.None))!.SentAt);
    }

    [Fact]
    public async Task A_new_PIN_takes_the_place_of_one_that_waits_and_no_block_outlives_its_repeats()
    {
        await using var records = await Records.CreateAsync(postgres);
        var scripts = new ScriptQueries(records.Database);
        var account = new TestAccount(1).Open(100_00);
        await records.ProjectAsync(account.Commit());
        var first = await OrderAsync(scripts, account.CardId, ScriptCommand.PinChange, 0x72, 0, new byte[] { 3, 1, 1, 1, 1, 1, 1, 1, 1 });
        var second = await OrderAsync(scripts, account.CardId, ScriptCommand.PinChange, 0x72, 0, new byte[] { 3, 2, 2, 2, 2, 2, 2, 2, 2 });

        var waiting = Assert.Single(await ListAsync(scripts, Now));
        account.SendScript(second);
        await records.ProjectAsync(account.Commit());
        await ListAsync(scripts, Now);
        var blocks = await records.ListAsync<int>("select length(data) from card_script order by number");
        await ListAsync(scripts, Now + Window + TimeSpan.FromSeconds(1));

        Assert.Equal((second, ScriptCommand.PinChange, "030202020202020202"), (waiting.Number, waiting.Command, Convert.ToHexString(waiting.Data.Span)));
        Assert.Equal([0, 9], blocks);
        Assert.Equal([0, 0], await records.ListAsync<int>("select length(data) from card_script order by number"));
        var orders = await scripts.ListOlderAsync(account.CardId, before: null, 10, CancellationToken.None);
        Assert.Equal([(second, true, false), (first, false, true)], orders.Select(order => (order.Number, order.SentAt is not null, order.CancelledAt is not null)));
        Assert.All(orders, order => Assert.Empty(order.Data));
    }

    [Fact]
    public async Task What_is_no_order_cannot_be_written()
    {
        await using var records = await Records.CreateAsync(postgres);
        var card = new Ulid(1).ToGuid();

        foreach (var wrong in new[] { "'reboot', 114, 0, ''", "'card_block', 115, 0, ''", "'put_data', 114, 0, '\\x01'", "'card_block', 114, 0, '\\x01'", "'card_block', 114, 40792, ''" })
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => records.DoAsync($"insert into card_script (card_id, command, template, data_object, data) values (@card, {wrong})", new { card }));
    }

    /// <summary>Orders, and tells the order's number.</summary>
    private static async Task<int> OrderAsync(ScriptQueries scripts, Ulid cardId, ScriptCommand command, byte template, ushort dataObject, ReadOnlyMemory<byte> data)
    {
        var id = Ulid.Create(TimeProvider.System);
        await scripts.OrderAsync(id, cardId, command, template, dataObject, data, Now, CancellationToken.None);
        return (await scripts.FindAsync(cardId, id, CancellationToken.None))!.Number;
    }

    private static Task<IReadOnlyList<ScriptOrder>> ListAsync(ScriptQueries scripts, DateTimeOffset now) => scripts.ListAsync(now, Window, CancellationToken.None);
}
