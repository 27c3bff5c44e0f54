using System.Net;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Security;
using Xunit;

namespace Processor.Api.Tests;

/// <summary>Giving cards their PINs, from the façade's request to what the next authorization meets at each host.</summary>
[Collection(FacadeTestGroup.Name)]
public sealed class CardPinSettingTests(Facade facade)
{
    private const string First = "8642";
    private const string Second = "97531";

    public static TheoryData<string, string> Methods() => new()
    {
        { "ibm3624", DemoKeys.Pins },
        { "pvv", Facade.VerificationKey },
        { "stored", Facade.StoreKey },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task An_acknowledged_PIN_is_the_only_right_one_for_the_next_authorization_at_every_host(string method, string key)
    {
        var caller = await facade.CallAsync(credentials: Profile(method, key));
        var card = await caller.CreateCardAsync();
        await using var other = await facade.OpenOtherHostAsync();

        foreach (var (pin, before) in new[] { (First, Second), (Second, First), (First, Second) })
        {
            // Both hosts have the account in their memory.
            await Wire.PurchaseAsync(facade, caller, card, 1, default(CredentialChecks), other);
            await Wire.PurchaseAsync(facade, caller, card, 1);
            var set = await caller.PostAsync(Path(card), Body(card, pin));

            Assert.Equal((HttpStatusCode.OK, "ok", 3), (set.Status, set.TextAt("status"), set.NumberAt("tries_left")));
            Assert.Equal(DeclineReason.PinInvalid, await Wire.PayWithPinAsync(facade, caller, card, before, other));
            Assert.Equal(DeclineReason.None, await Wire.PayWithPinAsync(facade, caller, card, pin, other));
            Assert.Equal(DeclineReason.PinInvalid, await Wire.PayWithPinAsync(facade, caller, card, before));
            Assert.Equal(DeclineReason.None, await Wire.PayWithPinAsync(facade, caller, card, pin));
        }
    }

    [Fact]
    public async Task A_new_PIN_has_all_its_tries_and_the_same_request_again_sets_nothing_back()
    {
        var caller = await facade.CallAsync(credentials: Profile("stored", Facade.StoreKey));
        var card = await caller.CreateCardAsync();
        Assert.Equal("not_set", card.TextAt("pin_status"));
        var first = await caller.PostAsync(Path(card), Body(card, First), idempotencyKey: "first-pin");
        for (var index = 0; index < 3; index++)
            await Wire.PayWithPinAsync(facade, caller, card, Second);
        var spent = await Wire.PayWithPinAsync(facade, caller, card, First);
        await caller.PostAsync(Path(card), Body(card, Second));

        var again = await caller.PostAsync(Path(card), Body(card, First), idempotencyKey: "first-pin");

        Assert.Equal(DeclineReason.PinTriesExceeded, spent);
        Assert.Equal((first.Text, "true"), (again.Text, again.Headers["Idempotent-Replayed"]));
        Assert.Equal(DeclineReason.None, await Wire.PayWithPinAsync(facade, caller, card, Second));

        // Had the answer been lost, the ledger would not let it happen twice either.
        var row = await RowAsync(card);
        var repeat = new SetCardPinCommand
        {
            AccountId = row.AccountId,
            CardId = row.Id,
            Key = RequestKey.OfOperation(caller.Program.Id, "first-pin", "pin"),
            Pin = new CardPin { Method = 3 },
        };
        await facade.Stage.Ledger.RunAsync(repeat);
        Assert.Equal(CommandResult.DoneBefore, repeat.Said);
        Assert.Equal(DeclineReason.None, await Wire.PayWithPinAsync(facade, caller, card, Second));
    }

    [Fact]
    public async Task What_holds_no_PIN_for_the_card_is_refused_and_the_PIN_stays()
    {
        var caller = await facade.CallAsync(credentials: Profile("stored", Facade.StoreKey));
        var card = await caller.CreateCardAsync();
        var other = await caller.CreateCardAsync();
        await caller.PostAsync(Path(card), Body(card, First));

        var foreign = await caller.PostAsync(Path(card), Body(other, Second));
        var wrongLength = await caller.PostAsync(Path(card), """{"format":"iso4","block":"0011223344556677"}""");
        var clear = await caller.PostAsync(Path(card), """{"pin":"1234"}""");

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "pin_rejected"), (foreign.Status, foreign.Code));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (wrongLength.Status, clear.Status));
        Assert.DoesNotContain("1234", clear.Text, StringComparison.Ordinal);
        Assert.Equal(DeclineReason.None, await Wire.PayWithPinAsync(facade, caller, card, First));
    }

    [Fact]
    public async Task A_program_without_a_key_for_PINs_takes_none_and_another_programs_card_is_not_there()
    {
        var caller = await facade.CallAsync(credentials: Profile("ibm3624", DemoKeys.Pins) with { PinEntryKey = "" });
        var stranger = await facade.CallAsync(credentials: Profile("ibm3624", DemoKeys.Pins));
        var card = await caller.CreateCardAsync();

        var refused = await caller.PostAsync(Path(card), Body(card, First));
        var unknown = await stranger.PostAsync(Path(card), Body(card, First));

        Assert.Equal((HttpStatusCode.Conflict, "invalid_state_transition"), (refused.Status, refused.Code));
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
    }

    [Fact]
    public async Task A_closed_card_gets_no_PIN()
    {
        var caller = await facade.CallAsync(credentials: Profile("stored", Facade.StoreKey));
        var card = await caller.CreateCardAsync();
        await caller.PostAsync($"/v1/cards/{card.TextAt("id")}/close");

        var refused = await caller.PostAsync(Path(card), Body(card, First));

        Assert.Equal((HttpStatusCode.Conflict, "invalid_state_transition"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task A_key_that_the_module_lacks_is_said_to_be_tried_again()
    {
        var caller = await facade.CallAsync(credentials: Profile("stored", "nowhere"));
        var card = await caller.CreateCardAsync();

        var refused = await caller.PostAsync(Path(card), Body(card, First));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "service_unavailable"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task A_card_is_made_with_its_PIN_where_the_program_says_so()
    {
        var caller = await facade.CallAsync(credentials: Profile("stored", Facade.StoreKey) with { DemandsPinAtIssuance = true });

        var without = await caller.CreateCardAsync();
        var card = await caller.PostAsync("/v1/cards", $$$"""{"initial_balance":{"amount":10000,"currency":"EUR"},"pin":{"format":"iso1","block":"{{{BlockWithoutPan(First)}}}"}}""");
        var unreadable = await caller.PostAsync("/v1/cards", """{"initial_balance":{"amount":10000,"currency":"EUR"},"pin":{"format":"iso1","block":"0011223344556677"}}""");

        Assert.Equal((HttpStatusCode.BadRequest, "validation_failed"), (without.Status, without.Code));
        Assert.Contains("/pin", without.Text, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Created, "ok"), (card.Status, card.TextAt("pin_status")));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "pin_rejected"), (unreadable.Status, unreadable.Code));
        Assert.Equal(DeclineReason.None, await Wire.PayWithPinAsync(facade, caller, card, First));
        Assert.Equal(DeclineReason.PinInvalid, await Wire.PayWithPinAsync(facade, caller, card, Second));
    }

    [Fact]
    public async Task Where_chips_have_a_PIN_a_command_that_changes_it_is_ordered_and_replaces_one_that_waits()
    {
        var caller = await facade.CallAsync(credentials: Profile("stored", Facade.StoreKey) with
        {
            IntegrityKey = DemoKeys.Integrity,
            ConfidentialityKey = DemoKeys.Confidentiality,
            ChipPinKey = DemoKeys.ChipPins,
        });
        var card = await caller.CreateCardAsync();

        await caller.PostAsync(Path(card), Body(card, First));
        await caller.PostAsync(Path(card), Body(card, Second));

        var orders = await caller.GetAsync($"/v1/cards/{card.TextAt("id")}/scripts");
        Assert.Equal(("pin_change", "waiting"), (orders.TextAt("data.0.command"), orders.TextAt("data.0.state")));
        Assert.Equal(("pin_change", "cancelled"), (orders.TextAt("data.1.command"), orders.TextAt("data.1.state")));
        Assert.DoesNotContain("030", orders.At("data.0.data").GetRawText(), StringComparison.Ordinal);
    }

    private static CredentialProfile Profile(string method, string key) =>
        new() { PinMethod = method, PinKey = key, PinEntryKey = DemoKeys.ZonePins, PinTriesMax = 3 };

    private static string Path(Answer card) => $"/v1/cards/{card.TextAt("id")}/pin";

    private async Task<Card> RowAsync(Answer card)
    {
        PublicId.TryRead(PublicId.Card, card.TextAt("id"), out var id);
        return (await facade.Stage.Cards.FindAsync(id, CancellationToken.None))!;
    }

    /// <summary>A PIN for a card as the program sends it: format 0, under the key that both know.</summary>
    private string Body(Answer card, string pin)
    {
        var row = RowAsync(card).GetAwaiter().GetResult();
        var block = new DemoCard(facade.Stage.Vault.Decrypt(row.PanCipher, row.Id)).PinBlock(pin);
        return $$"""{"format":"iso0","block":"{{Convert.ToHexString(block)}}"}""";
    }

    // 1, length, digits, anything: a block that names no PAN.
    private static string BlockWithoutPan(string pin) => Convert.ToHexString(DemoCard.PinBlockWithoutPan(pin));
}
