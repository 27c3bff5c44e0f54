using System.Text;
using Npgsql;
using Processor.Cards;
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

    private static string Digits(Pan pan)
    {
        Span<byte> digits = stackalloc byte[Pan.LengthMax];
        return Encoding.ASCII.GetString(digits[..pan.CopyDigits(digits)]);
    }
}
