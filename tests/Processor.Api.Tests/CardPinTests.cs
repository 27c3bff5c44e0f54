using System.Net;
using Processor.Authorization;
using Processor.Cards;
using Xunit;

namespace Processor.Api.Tests;

[Collection(FacadeTestGroup.Name)]
public sealed class CardPinTests(Facade facade)
{
    private static readonly CredentialProfile ChecksPins = new() { PinKey = "pvk", PinTriesMax = 3 };

    private static readonly CredentialChecks Right = default(CredentialChecks).With(CredentialKind.Pin, CheckResult.Match);

    private static readonly CredentialChecks Wrong = default(CredentialChecks).With(CredentialKind.Pin, CheckResult.Mismatch);

    [Fact]
    public async Task Wrong_pins_are_counted_down_and_told()
    {
        var caller = await facade.CallAsync(credentials: ChecksPins);
        var card = await caller.CreateCardAsync();

        var told = new List<(string?, long)> { await StatusAsync(caller, card) };
        for (var index = 0; index < 3; index++)
        {
            await Wire.PurchaseAsync(facade, caller, card, 1_00, Wrong);
            told.Add(await StatusAsync(caller, card));
        }

        Assert.Equal([("ok", 3), ("ok", 2), ("ok", 1), ("blocked", 0)], told);
        Assert.Equal("blocked", (await caller.GetAsync("/v1/cards/" + card.TextAt("id"))).TextAt("pin_status"));
    }

    [Fact]
    public async Task A_card_of_a_program_without_pins_has_none_to_unblock()
    {
        var caller = await facade.CallAsync();
        var card = await caller.CreateCardAsync();

        var status = await caller.GetAsync(Path(card, "pin_status"));
        var refused = await caller.PostAsync(Path(card, "pin/unblock"));

        Assert.Equal(("not_set", "not_set"), (card.TextAt("pin_status"), status.TextAt("status")));
        Assert.Equal((HttpStatusCode.Conflict, "invalid_state_transition"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task A_closed_card_is_not_unblocked()
    {
        var caller = await facade.CallAsync(credentials: ChecksPins);
        var card = await caller.CreateCardAsync();
        await Wire.PurchaseAsync(facade, caller, card, 1_00, Wrong);
        await caller.PostAsync(Path(card, "close"));

        var refused = await caller.PostAsync(Path(card, "pin/unblock"));

        Assert.Equal((HttpStatusCode.Conflict, "invalid_state_transition"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Another_programs_card_is_neither_told_nor_unblocked()
    {
        var caller = await facade.CallAsync(credentials: ChecksPins);
        var card = await caller.CreateCardAsync();
        var other = await facade.CallAsync(credentials: ChecksPins);

        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(Path(card, "pin_status"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync(Path(card, "pin/unblock"))).Status);
    }

    [Fact]
    public async Task An_acknowledged_unblock_is_met_by_every_authorization_at_every_host()
    {
        var caller = await facade.CallAsync(credentials: ChecksPins);
        var card = await caller.CreateCardAsync();
        await using var other = await facade.OpenOtherHostAsync();

        for (var round = 0; round < 20; round++)
        {
            // Both hosts have the account in their memory, and the last try is spent at either.
            for (var index = 0; index < 3; index++)
                await Wire.PurchaseAsync(facade, caller, card, 1, Wrong, (round + index) % 2 == 0 ? other : facade.Stage.Ledger);
            var spent = await Wire.PurchaseAsync(facade, caller, card, 1, Right, other);

            var unblocked = await caller.PostAsync(Path(card, "pin/unblock"));
            var afterwards = await Task.WhenAll(
                Wire.PurchaseAsync(facade, caller, card, 1, Right, other),
                Wire.PurchaseAsync(facade, caller, card, 1, Right));

            Assert.Equal(DeclineReason.PinTriesExceeded, spent.Answer.Reason);
            Assert.Equal((HttpStatusCode.OK, "ok", 3), (unblocked.Status, unblocked.TextAt("status"), unblocked.NumberAt("tries_left")));
            Assert.All(afterwards, answered => Assert.Equal(DeclineReason.None, answered.Answer.Reason));
        }
    }

    [Fact]
    public async Task The_same_unblock_again_forgives_nothing_that_came_since()
    {
        var caller = await facade.CallAsync(credentials: ChecksPins);
        var card = await caller.CreateCardAsync();
        await Wire.PurchaseAsync(facade, caller, card, 1_00, Wrong);
        var first = await caller.PostAsync(Path(card, "pin/unblock"), idempotencyKey: "once");
        await Wire.PurchaseAsync(facade, caller, card, 1_00, Wrong);

        var again = await caller.PostAsync(Path(card, "pin/unblock"), idempotencyKey: "once");

        // Neither the stored answer nor, had the answer been lost, the ledger lets it happen twice.
        Assert.Equal((first.Text, "true"), (again.Text, again.Headers["Idempotent-Replayed"]));
        PublicId.TryRead(PublicId.Card, card.TextAt("id"), out var cardId);
        PublicId.TryRead(PublicId.Account, card.TextAt("account_id"), out var accountId);
        var repeat = new ResetPinTriesCommand { AccountId = accountId, CardId = cardId, Key = RequestKey.OfOperation(caller.Program.Id, "once", "pin_unblock") };
        await facade.Stage.Ledger.RunAsync(repeat);
        Assert.Equal(CommandResult.DoneBefore, repeat.Said);
        Assert.Equal(("ok", 2), await StatusAsync(caller, card));
    }

    private static string Path(Answer card, string end) => $"/v1/cards/{card.TextAt("id")}/{end}";

    private static async Task<(string? Status, long Left)> StatusAsync(Caller caller, Answer card)
    {
        var status = await caller.GetAsync(Path(card, "pin_status"));
        return (status.TextAt("status"), status.NumberAt("tries_left"));
    }
}
