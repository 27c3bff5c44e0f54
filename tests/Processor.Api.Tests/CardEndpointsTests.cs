using System.Net;
using Processor.Cards;
using Xunit;

namespace Processor.Api.Tests;

[Collection(FacadeTestGroup.Name)]
public sealed class CardEndpointsTests(Facade facade)
{
    [Fact]
    public async Task A_card_is_made_with_its_balance_and_read_again()
    {
        var caller = await facade.CallAsync();

        var made = await caller.PostAsync("/v1/cards", """
            {"initial_balance":{"amount":12345,"currency":"EUR"},"label":"Travel","external_id":"t-1","metadata":{"team":"sales"},
             "limits":{"all":{"per_transaction":{"amount":{"amount":20000,"currency":"EUR"}},"daily":{"amount":{"amount":50000,"currency":"EUR"},"count":3}}}}
            """);

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(("active", "Travel", "t-1", "47617390"), (made.TextAt("state"), made.TextAt("label"), made.TextAt("external_id"), made.TextAt("bin")));
        Assert.Equal("sales", made.TextAt("metadata.team"));
        Assert.Equal((20000, 50000, 3), (made.NumberAt("limits.all.per_transaction.amount.amount"), made.NumberAt("limits.all.daily.amount.amount"), made.NumberAt("limits.all.daily.count")));
        Assert.True(made.At("usability.usable").GetBoolean());
        var read = await caller.GetAsync("/v1/cards/" + made.TextAt("id"));
        Assert.Equal(made.Text, read.Text);
        var balance = await caller.GetAsync($"/v1/accounts/{made.TextAt("account_id")}/balance");
        Assert.Equal((12345, "EUR"), (balance.NumberAt("available.amount"), balance.TextAt("available.currency")));
        var account = await caller.GetAsync($"/v1/accounts/{made.TextAt("account_id")}");
        Assert.Equal((12345, "open", made.TextAt("id")), (account.NumberAt("balances.posted.amount"), account.TextAt("state"), account.TextAt("owner.id")));
    }

    [Fact]
    public async Task The_limits_of_a_card_bind_its_first_authorization()
    {
        var caller = await facade.CallAsync();
        var card = await caller.PostAsync("/v1/cards", """
            {"initial_balance":{"amount":100000,"currency":"EUR"},"limits":{"all":{"daily":{"amount":{"amount":5000,"currency":"EUR"}}}}}
            """);

        Assert.Equal(DeclineReason.AmountLimit, (await Wire.PurchaseAsync(facade, caller, card, 50_01)).Answer.Reason);
        Assert.Equal(DeclineReason.None, (await Wire.PurchaseAsync(facade, caller, card, 50_00)).Answer.Reason);
    }

    [Fact]
    public async Task What_was_answered_for_a_freeze_is_what_the_next_authorization_meets()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync();
        var path = "/v1/cards/" + card.TextAt("id");

        var frozen = await caller.PostAsync(path + "/freeze");
        var whileFrozen = await Wire.PurchaseAsync(facade, caller, card, 1_00);
        var again = await caller.PostAsync(path + "/freeze", "{}");
        var thawed = await caller.PostAsync(path + "/unfreeze");
        var afterwards = await Wire.PurchaseAsync(facade, caller, card, 1_00);

        Assert.Equal((HttpStatusCode.OK, "frozen", false), (frozen.Status, frozen.TextAt("state"), frozen.At("usability.usable").GetBoolean()));
        Assert.Equal("card_frozen", frozen.TextAt("usability.blocked_by.0"));
        Assert.Equal(DeclineReason.CardFrozen, whileFrozen.Answer.Reason);
        Assert.Equal((HttpStatusCode.OK, frozen.NumberAt("version")), (again.Status, again.NumberAt("version")));
        Assert.Equal(("active", frozen.NumberAt("version") + 1), (thawed.TextAt("state"), thawed.NumberAt("version")));
        Assert.Equal(DeclineReason.None, afterwards.Answer.Reason);
    }

    [Theory]
    [InlineData("", "issuer", DeclineReason.CardClosed)]
    [InlineData("""{"reason":"lost"}""", "lost", DeclineReason.CardLost)]
    [InlineData("""{"reason":"stolen"}""", "stolen", DeclineReason.CardStolen)]
    [InlineData("""{"reason":"end_user"}""", "end_user", DeclineReason.CardClosed)]
    public async Task A_closed_card_says_why_and_stays_closed(string body, string reason, DeclineReason declined)
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync();
        var path = "/v1/cards/" + card.TextAt("id");

        var closed = await caller.PostAsync(path + "/close", body);
        var unfrozen = await caller.PostAsync(path + "/unfreeze");

        Assert.Equal((HttpStatusCode.OK, "closed", reason), (closed.Status, closed.TextAt("state"), closed.TextAt("state_reason")));
        Assert.Equal((HttpStatusCode.Conflict, "invalid_state_transition"), (unfrozen.Status, unfrozen.Code));
        Assert.Equal(declined, (await Wire.PurchaseAsync(facade, caller, card, 1_00)).Answer.Reason);
    }

    [Fact]
    public async Task Closing_again_changes_neither_reason_nor_version()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync();
        var path = $"/v1/cards/{card.TextAt("id")}/close";
        var first = await caller.PostAsync(path, """{"reason":"end_user"}""");

        var again = await caller.PostAsync(path, """{"reason":"fraud"}""");
        var lost = await caller.PostAsync(path, """{"reason":"lost"}""");

        Assert.Equal((HttpStatusCode.OK, first.Text), (again.Status, again.Text));
        Assert.Equal((HttpStatusCode.Conflict, "invalid_state_transition"), (lost.Status, lost.Code));
    }

    [Fact]
    public async Task Money_of_a_closed_card_can_be_withdrawn()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(5_00);
        await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/close");

        var back = await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/transfers", """{"kind":"withdraw","amount":{"amount":500,"currency":"EUR"}}""");

        Assert.Equal((HttpStatusCode.Created, 0), (back.Status, back.NumberAt("balances.available.amount")));
    }

    [Fact]
    public async Task An_external_id_is_taken_once_and_found_again()
    {
        var caller = await facade.CallAsync();
        const string Body = """{"initial_balance":{"amount":0,"currency":"EUR"},"external_id":"same"}""";

        var first = await caller.PostAsync("/v1/cards", Body);
        var second = await caller.PostAsync("/v1/cards", Body);
        var elsewhere = await (await facade.CallAsync()).PostAsync("/v1/cards", Body);

        Assert.Equal((HttpStatusCode.Conflict, "external_id_taken", first.TextAt("id")), (second.Status, second.Code, second.TextAt("resource_id")));
        Assert.Equal(HttpStatusCode.Created, elsewhere.Status);
        var found = await caller.GetAsync("/v1/cards?external_id=same");
        Assert.Equal((1, first.TextAt("id")), (found.At("data").GetArrayLength(), found.TextAt("data.0.id")));
    }

    [Fact]
    public async Task A_product_may_be_named_and_has_to_be_the_programs_own()
    {
        var caller = await facade.CallAsync();
        var other = await facade.CallAsync();
        static string Body(Caller of) => $$"""{"initial_balance":{"amount":1,"currency":"EUR"},"card_product_id":"prod_{{of.Product.Id}}"}""";

        var own = await caller.PostAsync("/v1/cards", Body(caller));
        var foreign = await caller.PostAsync("/v1/cards", Body(other));

        Assert.Equal((HttpStatusCode.Created, $"prod_{caller.Product.Id}"), (own.Status, own.TextAt("card_product_id")));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "product_not_found"), (foreign.Status, foreign.Code));
    }

    [Fact]
    public async Task The_balance_has_to_be_in_the_products_currency()
    {
        var caller = await facade.CallAsync();

        var refused = await caller.PostAsync("/v1/cards", """{"initial_balance":{"amount":100,"currency":"USD"}}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "currency_mismatch"), (refused.Status, refused.Code));
        Assert.Equal(0, (await caller.GetAsync("/v1/cards")).At("data").GetArrayLength());
    }

    [Fact]
    public async Task Pages_of_a_list_join_without_gap_or_overlap()
    {
        var caller = await facade.CallAsync();
        var made = new List<string>();
        for (var index = 0; index < 5; index++)
            made.Insert(0, (await caller.CreateCardAsync()).TextAt("id")!);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await caller.GetAsync("/v1/cards?limit=2" + (cursor is null ? "" : "&starting_after=" + cursor));
            seen.AddRange(page.At("data").EnumerateArray().Select(card => card.GetProperty("id").GetString()!));
            Assert.Equal(page.At("has_more").GetBoolean(), page.TextAt("next_cursor") is not null);
            cursor = page.TextAt("next_cursor");
        }
        while (cursor is not null);
        var before = await caller.GetAsync($"/v1/cards?limit=2&ending_before={made[4]}");

        // Ids of one millisecond have no order of their own, so the list's order is the ids'.
        Assert.Equal(made.OrderDescending(StringComparer.Ordinal), seen);
        Assert.Equal(seen[(seen.IndexOf(made[4]) - 2)..seen.IndexOf(made[4])], before.At("data").EnumerateArray().Select(card => card.GetProperty("id").GetString()!));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=ten")]
    [InlineData("starting_after=card_1")]
    [InlineData("ending_before=acct_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("starting_after=card_01ARZ3NDEKTSV4RRFFQ69G5FAV&ending_before=card_01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    [InlineData("colour=red")]
    public async Task A_page_that_cannot_be_is_refused(string query)
    {
        var caller = await facade.CallAsync();

        var refused = await caller.GetAsync("/v1/cards?" + query);

        Assert.Equal((HttpStatusCode.BadRequest, "validation_failed"), (refused.Status, refused.Code));
        Assert.StartsWith("?", refused.TextAt("errors.0.pointer"), StringComparison.Ordinal);
    }
}
