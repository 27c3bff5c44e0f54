using System.Text;
using Npgsql;
using Processor.Cards;
using Processor.Security;
using Xunit;

namespace Processor.Api.Tests;

[Collection(FacadeTestGroup.Name)]
public sealed class SecrecyTests(Facade facade)
{
    [Fact]
    public async Task No_pan_and_no_key_is_in_any_answer_or_log_line_even_when_callers_send_them_where_they_do_not_belong()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync();
        PublicId.TryRead(PublicId.Card, card.TextAt("id"), out var id);
        var row = await facade.Stage.Cards.FindAsync(id, CancellationToken.None);
        var pan = Digits(facade.Stage.Vault.Decrypt(row!.PanCipher, id));
        var key = caller.Key.Reveal();

        foreach (var secret in (string[])[pan, key])
        {
            await caller.GetAsync($"/v1/cards/{secret}");
            await caller.GetAsync($"/v1/{secret}");
            await caller.GetAsync($"/v1/cards?limit={secret}&{secret}={secret}&starting_after={secret}");
            await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/close", $$"""{"reason":"{{secret}}","{{secret}}":1}""");
            await caller.PostAsync("/v1/cards", $$$"""{"{{{secret}}}":{"amount":"{{{secret}}}","currency":"{{{secret}}}"}}""");
            await caller.PostAsync("/v1/cards", secret);
            await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/freeze", "", secret);
            await caller.SendAsync(HttpMethod.Get, "/v1/cards", body: null, idempotencyKey: null, "Basic " + secret);
        }

        await using var source = NpgsqlDataSource.Create(facade.Stage.Settings.Postgres);
        await using var kept = source.CreateCommand("select string_agg(key || convert_from(coalesce(body, ''), 'UTF8'), E'\\n') from idempotency_key");
        var rows = (string)(await kept.ExecuteScalarAsync())!;
        Assert.DoesNotContain(pan, rows, StringComparison.Ordinal);
        Assert.DoesNotContain(key, rows, StringComparison.Ordinal);

        facade.Line.Left = 0;
        await caller.GetAsync($"/v1/cards/{card.TextAt("id")}");
        facade.Line.Left = -1;
        var everything = string.Join('\n', facade.Answers) + facade.Log.All;
        Assert.DoesNotContain(pan, everything, StringComparison.Ordinal);
        Assert.DoesNotContain(key, everything, StringComparison.Ordinal);
        Assert.Contains(card.TextAt("id")!, everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stored", Facade.StoreKey)]
    [InlineData("ibm3624", DemoKeys.Pins)]
    public async Task Neither_a_PIN_nor_the_block_in_which_it_came_is_anywhere_after(string method, string key)
    {
        const string pin = "864297531086";
        var caller = await facade.CallAsync(credentials: new CredentialProfile
        {
            PinMethod = method,
            PinKey = key,
            PinEntryKey = DemoKeys.ZonePins,
            IntegrityKey = DemoKeys.Integrity,
            ConfidentialityKey = DemoKeys.Confidentiality,
            ChipPinKey = DemoKeys.ChipPins,
        });
        var first = DemoCard.PinBlockWithoutPan(pin);
        var card = await caller.PostAsync("/v1/cards", $$$"""{"initial_balance":{"amount":0,"currency":"EUR"},"pin":{"format":"iso1","block":"{{{Convert.ToHexString(first)}}}"}}""");
        PublicId.TryRead(PublicId.Card, card.TextAt("id"), out var id);
        var row = (await facade.Stage.Cards.FindAsync(id, CancellationToken.None))!;
        var second = new DemoCard(facade.Stage.Vault.Decrypt(row.PanCipher, id)).PinBlock(pin);
        var set = await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/pin", $$"""{"format":"iso0","block":"{{Convert.ToHexString(second)}}"}""");
        await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/pin", $$"""{"format":"iso0","block":"{{Convert.ToHexString(second)}}","pin":"{{pin}}"}""");

        var found = new StringBuilder(string.Join('\n', facade.Answers) + facade.Log.All);
        await using var source = NpgsqlDataSource.Create(facade.Stage.Settings.Postgres);
        foreach (var table in await ListAsync(source, "select table_name from information_schema.tables where table_schema = 'public'"))
            found.AppendJoin('\n', await ListAsync(source, $"select t::text from \"{table}\" as t"));
        var read = await facade.Stage.ReadAsync(row.AccountId);
        var kept = Assert.Single(read.Cards).Pin.ToArray();
        found.Append(Convert.ToHexString(kept)).Append(Encoding.Latin1.GetString(kept));

        Assert.Equal((System.Net.HttpStatusCode.Created, System.Net.HttpStatusCode.OK), (card.Status, set.Status));
        var everything = found.ToString();
        Assert.All(
            (string[])[pin, Convert.ToHexString(Encoding.ASCII.GetBytes(pin)), Convert.ToHexString(first), Convert.ToHexString(second)],
            secret => Assert.DoesNotContain(secret, everything, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("pin_change", everything, StringComparison.Ordinal);
    }

    private static async Task<List<string>> ListAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }

    private static string Digits(Pan pan)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        return Encoding.ASCII.GetString(digits[..pan.CopyDigits(digits)]);
    }
}
