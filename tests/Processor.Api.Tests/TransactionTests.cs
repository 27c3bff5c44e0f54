using System.Net;
using System.Text.Json;
using Processor.Cards;
using Xunit;

namespace Processor.Api.Tests;

[Collection(FacadeTestGroup.Name)]
public sealed class TransactionTests(Facade facade)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_purchase_and_its_reversal_are_one_transaction_with_two_events()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(0);
        await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/transfers", """{"kind":"top_up","amount":{"amount":10000,"currency":"EUR"}}""");
        var purchase = await Wire.PurchaseAsync(facade, caller, card, 30_00);
        Assert.Equal(DeclineReason.None, purchase.Answer.Reason);
        await Wire.ReverseAsync(facade, caller, card, purchase);

        var list = await ListAsync(caller, card, events: 3);

        var (bought, toppedUp) = (list.At("data.0"), list.At("data.1"));
        Assert.Equal(("reversed", "purchase"), (bought.GetProperty("status").GetString(), bought.GetProperty("kind").GetString()));
        Assert.Equal(("authorization", "authorization_reversal"), (list.TextAt("data.0.events.0.type"), list.TextAt("data.0.events.1.type")));
        Assert.Equal((30_00, 30_00, 0), (list.NumberAt("data.0.amounts.authorized.amount"), list.NumberAt("data.0.amounts.reversed.amount"), list.NumberAt("data.0.amounts.held.amount")));
        Assert.Equal((30_00, 70_00), (list.NumberAt("data.0.events.0.balance_after.held.amount"), list.NumberAt("data.0.events.0.balance_after.available.amount")));
        Assert.Equal(("test-net", "00", "00"), (list.TextAt("data.0.network.name"), list.TextAt("data.0.events.0.de39"), list.TextAt("data.0.events.1.de39")));
        Assert.Equal(JsonValueKind.Null, bought.GetProperty("hold").ValueKind);
        Assert.Equal((100_00, 0, 0), (list.NumberAt("data.1.amounts.transferred.amount"), list.NumberAt("data.1.amounts.refunded.amount"), list.NumberAt("data.1.amounts.net_posted.amount")));
        Assert.Equal(("GROCER", "BERLIN", "DE", "5411"), (list.TextAt("data.0.merchant.name"), list.TextAt("data.0.merchant.city"), list.TextAt("data.0.merchant.country"), list.TextAt("data.0.merchant.mcc")));
        Assert.Equal(("top_up", "cleared"), (toppedUp.GetProperty("kind").GetString(), toppedUp.GetProperty("status").GetString()));
        var one = await caller.GetAsync("/v1/transactions/" + list.TextAt("data.0.id"));
        Assert.Equal(bought.GetRawText(), one.Text);
    }

    [Fact]
    public async Task A_decline_says_why_and_what_to_do()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(0);
        await Wire.PurchaseAsync(facade, caller, card, 30_00);

        var list = await ListAsync(caller, card, events: 1);

        Assert.Equal("declined", list.TextAt("data.0.status"));
        Assert.Equal(("insufficient_funds", "later"), (list.TextAt("data.0.decline.reason"), list.TextAt("data.0.decline.retryable")));
        Assert.Equal(("declined", "insufficient_funds"), (list.TextAt("data.0.events.0.result"), list.TextAt("data.0.events.0.decline.reason")));
        Assert.Equal("51", list.TextAt("data.0.events.0.de39"));
        Assert.Equal(
            "message pass, card pass, account pass, permission pass, currency pass, credentials pass, limits pass, funds fail",
            string.Join(", ", list.At("data.0.events.0.trace.checks").EnumerateArray().Select(check => $"{check.GetProperty("name")} {check.GetProperty("result")}")));
        Assert.Equal((30_00, 0), (list.NumberAt("data.0.amounts.requested.amount"), list.NumberAt("data.0.amounts.held.amount")));
    }

    [Fact]
    public async Task What_each_credential_came_to_is_told_of_the_transaction_and_of_its_event()
    {
        var caller = await facade.CallAsync(credentials: new CredentialProfile { ValueKey = "cvk", PinKey = "pvk" });
        var card = await caller.CreateCardAsync(100_00);
        var checks = default(CredentialChecks)
            .With(CredentialKind.VerificationValue, CheckResult.Match)
            .With(CredentialKind.TrackValue, CheckResult.NotChecked)
            .With(CredentialKind.ServiceCode, CheckResult.NotChecked)
            .With(CredentialKind.Pin, CheckResult.Mismatch);
        var declined = await Wire.PurchaseAsync(facade, caller, card, 1_00, checks);

        var list = await ListAsync(caller, card, events: 2);

        Assert.Equal(DeclineReason.PinInvalid, declined.Answer.Reason);
        Assert.Equal(
            "expiry match, card_data not_provided, cryptogram not_provided, counter not_provided, service_code not_checked, cvv not_checked, cvv2 match, pin mismatch",
            string.Join(", ", list.At("data.0.verification").EnumerateObject().Select(check => $"{check.Name} {check.Value}")));
        Assert.Equal(
            "expiry match, service_code not_checked, cvv not_checked, cvv2 match, pin mismatch",
            string.Join(", ", list.At("data.0.events.0.credentials").EnumerateArray().Select(check => $"{check.GetProperty("name")} {check.GetProperty("result")}")));
        Assert.Equal(JsonValueKind.Null, list.At("data.1.verification").ValueKind);
    }

    [Fact]
    public async Task What_is_held_is_told_with_its_end_and_a_foreign_amount_with_its_rate()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync();
        await Wire.PurchaseAsync(facade, caller, card, 5_000, billing: 31_25, currency: Currency.TryFromAlpha("JPY", out var yen) ? yen : default);

        var list = await ListAsync(caller, card, events: 2);

        var hold = list.At("data.0.hold");
        Assert.Equal(31_25, list.NumberAt("data.0.hold.amount.amount"));
        Assert.True(hold.GetProperty("expires_at").GetDateTimeOffset() > list.At("data.0.created_at").GetDateTimeOffset());
        Assert.Equal("0.00625", list.TextAt("data.0.fx.auth_rate"));
        Assert.Equal((5_000, "JPY"), (list.NumberAt("data.0.merchant_amounts.requested.amount"), list.TextAt("data.0.merchant_amounts.requested.currency")));
    }

    [Fact]
    public async Task Transactions_of_another_program_are_not_there()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(0);
        await Wire.PurchaseAsync(facade, caller, card, 1_00);
        var list = await ListAsync(caller, card, events: 1);

        var other = await (await facade.CallAsync()).GetAsync("/v1/transactions/" + list.TextAt("data.0.id"));

        Assert.Equal(HttpStatusCode.NotFound, other.Status);
    }

    [Fact]
    public async Task Pages_of_transactions_join()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync(0);
        for (var amount = 1; amount <= 5; amount++)
            await Wire.PurchaseAsync(facade, caller, card, amount);
        await ListAsync(caller, card, events: 5);
        var path = $"/v1/cards/{card.TextAt("id")}/transactions?limit=3";

        var first = await caller.GetAsync(path);
        var second = await caller.GetAsync($"{path}&starting_after={first.TextAt("next_cursor")}");
        var back = await caller.GetAsync($"{path}&ending_before={second.TextAt("data.0.id")}");

        Assert.Equal([5, 4, 3], Amounts(first));
        Assert.Equal([2, 1], Amounts(second));
        Assert.False(second.At("has_more").GetBoolean());
        Assert.Equal([5, 4, 3], Amounts(back));
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_decline_reason_has_its_advice(DeclineReason reason)
    {
        var decline = DeclineBody.Of(reason);

        Assert.Contains(decline!.Retryable, (string[])["never", "after_fix", "later"]);
    }

    public static TheoryData<DeclineReason> Reasons => [.. Enum.GetValues<DeclineReason>().Where(reason => reason != DeclineReason.None)];

    private static IEnumerable<long> Amounts(Answer list) =>
        list.At("data").EnumerateArray().Select(item => item.GetProperty("amounts").GetProperty("requested").GetProperty("amount").GetInt64());

    /// <summary>Asks until the projection has come so far.</summary>
    private static async Task<Answer> ListAsync(Caller caller, Answer card, int events)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var list = await caller.GetAsync($"/v1/cards/{card.TextAt("id")}/transactions");
            if (list.At("data").EnumerateArray().Sum(item => item.GetProperty("events").GetArrayLength()) >= events)
                return list;
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }
}
