using System.Net;
using Xunit;

namespace Processor.Api.Tests;

[Collection(FacadeTestGroup.Name)]
public sealed class CardTransferTests(Facade facade)
{
    [Fact]
    public async Task Money_goes_onto_a_card_and_off_it()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(10_00);
        var path = $"/v1/cards/{card.TextAt("id")}/transfers";

        var up = await caller.PostAsync(path, """{"kind":"top_up","amount":{"amount":500,"currency":"EUR"}}""");
        var down = await caller.PostAsync(path, """{"kind":"withdraw","amount":{"amount":1200,"currency":"EUR"}}""");

        Assert.Equal((HttpStatusCode.Created, "posted", 15_00), (up.Status, up.TextAt("state"), up.NumberAt("balances.available.amount")));
        Assert.Equal(("program", card.TextAt("id")), (up.TextAt("from.type"), up.TextAt("to.id")));
        Assert.Equal(("card", "program", 3_00), (down.TextAt("from.type"), down.TextAt("to.type"), down.NumberAt("balances.available.amount")));
    }

    [Fact]
    public async Task Nothing_is_withdrawn_that_is_not_available()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(10_00);
        await Wire.PurchaseAsync(facade, caller, card, 4_00);

        var refused = await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/transfers", """{"kind":"withdraw","amount":{"amount":601,"currency":"EUR"}}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "insufficient_available_balance"), (refused.Status, refused.Code));
        var balance = await caller.GetAsync($"/v1/accounts/{card.TextAt("account_id")}/balance");
        Assert.Equal((10_00, 4_00, 6_00), (balance.NumberAt("posted.amount"), balance.NumberAt("held.amount"), balance.NumberAt("available.amount")));
    }

    [Fact]
    public async Task Money_of_another_currency_does_not_move()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync();

        var refused = await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/transfers", """{"kind":"top_up","amount":{"amount":500,"currency":"USD"}}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "currency_mismatch"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("""{"kind":"top_up","amount":{"amount":1.5,"currency":"EUR"}}""", "/amount/amount", "not_an_integer")]
    [InlineData("""{"kind":"top_up","amount":{"amount":1.0,"currency":"EUR"}}""", "/amount/amount", "not_an_integer")]
    [InlineData("""{"kind":"top_up","amount":{"amount":1e3,"currency":"EUR"}}""", "/amount/amount", "not_an_integer")]
    [InlineData("""{"kind":"top_up","amount":{"amount":"10","currency":"EUR"}}""", "/amount/amount", "not_an_integer")]
    [InlineData("""{"kind":"top_up","amount":{"amount":0,"currency":"EUR"}}""", "/amount/amount", "out_of_range")]
    [InlineData("""{"kind":"top_up","amount":{"amount":-5,"currency":"EUR"}}""", "/amount/amount", "out_of_range")]
    [InlineData("""{"kind":"top_up","amount":{"amount":1000000000000000,"currency":"EUR"}}""", "/amount/amount", "out_of_range")]
    [InlineData("""{"kind":"top_up","amount":{"amount":99999999999999999999,"currency":"EUR"}}""", "/amount/amount", "out_of_range")]
    [InlineData("""{"kind":"top_up","amount":{"currency":"EUR"}}""", "/amount/amount", "required")]
    [InlineData("""{"kind":"top_up","amount":{"amount":5}}""", "/amount/currency", "required")]
    [InlineData("""{"kind":"top_up","amount":{"amount":5,"currency":"eur"}}""", "/amount/currency", "invalid_value")]
    [InlineData("""{"kind":"top_up","amount":{"amount":5,"currency":978}}""", "/amount/currency", "invalid_type")]
    [InlineData("""{"kind":"top_up","amount":{"amount":5,"currency":"EUR","scale":2}}""", "/amount/-", "unknown_field")]
    [InlineData("""{"kind":"top_up","amount":500}""", "/amount", "invalid_type")]
    [InlineData("""{"kind":"top_up"}""", "/amount", "required")]
    [InlineData("""{"kind":"gift","amount":{"amount":5,"currency":"EUR"}}""", "/kind", "invalid_value")]
    [InlineData("""{"amount":{"amount":5,"currency":"EUR"}}""", "/kind", "required")]
    [InlineData("""{"kind":"top_up","amount":{"amount":5,"currency":"EUR"},"note":"x"}""", "/-", "unknown_field")]
    public async Task A_transfer_that_is_not_as_it_has_to_be_says_where(string body, string pointer, string code)
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(10_00);

        var refused = await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/transfers", body);

        Assert.Equal((HttpStatusCode.BadRequest, "validation_failed"), (refused.Status, refused.Code));
        Assert.Equal((1, pointer, code), (refused.At("errors").GetArrayLength(), refused.TextAt("errors.0.pointer"), refused.TextAt("errors.0.code")));
        var balance = await caller.GetAsync($"/v1/accounts/{card.TextAt("account_id")}/balance");
        Assert.Equal(10_00, balance.NumberAt("posted.amount"));
    }
}
