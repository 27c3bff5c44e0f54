using System.Net;
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
        Assert.Matches("^card_[0-9A-HJKMNP-TV-Z]{26}$", made.TextAt("id"));
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
}
