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
        var first = await scripts.OrderAsync(account.CardId, ScriptCommand.PutData, 0x71, 0x9F58, new byte[] { 5 }, Now, CancellationToken.None);
        var second = await scripts.OrderAsync(account.CardId, ScriptCommand.PinUnblock, 0x72, 0, default, Now, CancellationToken.None);

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
    public async Task What_is_no_order_cannot_be_written()
    {
        await using var records = await Records.CreateAsync(postgres);
        var card = new Ulid(1).ToGuid();

        foreach (var wrong in new[] { "'reboot', 114, 0, ''", "'card_block', 115, 0, ''", "'put_data', 114, 0, '\\x01'", "'card_block', 114, 0, '\\x01'", "'card_block', 114, 40792, ''" })
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => records.DoAsync($"insert into card_script (card_id, command, template, data_object, data) values (@card, {wrong})", new { card }));
    }

    private static Task<IReadOnlyList<ScriptOrder>> ListAsync(ScriptQueries scripts, DateTimeOffset now) => scripts.ListAsync(now, Window, CancellationToken.None);
}
