using System.Net;
using Processor.Cards;
using Processor.Records;
using Processor.Security;
using Xunit;

namespace Processor.Api.Tests;

[Collection(FacadeTestGroup.Name)]
public sealed class CardScriptTests(Facade facade)
{
    private static readonly CredentialProfile SendsCommands = new() { IntegrityKey = DemoKeys.Integrity };

    [Theory]
    [InlineData("application_block", "72")]
    [InlineData("application_unblock", "71")]
    [InlineData("card_block", "72")]
    [InlineData("pin_unblock", "72")]
    public async Task A_command_is_ordered_and_waits(string command, string template)
    {
        var caller = await facade.CallAsync(credentials: SendsCommands);
        var card = await caller.CreateCardAsync();

        var order = await caller.PostAsync(Path(card), $$"""{"command":"{{command}}","template":"{{template}}"}""");

        Assert.Equal((HttpStatusCode.Created, command, template, "waiting"), (order.Status, order.TextAt("command"), order.TextAt("template"), order.TextAt("state")));
        var found = await caller.GetAsync($"{Path(card)}/{order.TextAt("id")}");
        Assert.Equal((HttpStatusCode.OK, order.Text), (found.Status, found.Text));
        Assert.Single((await caller.GetAsync(Path(card))).At("data").EnumerateArray());
    }

    [Fact]
    public async Task A_data_object_gets_a_value_and_the_same_request_orders_once()
    {
        var caller = await facade.CallAsync(credentials: SendsCommands);
        var card = await caller.CreateCardAsync();
        const string body = """{"command":"put_data","data_object":"9F58","data":"05"}""";

        var order = await caller.PostAsync(Path(card), body, idempotencyKey: "put");
        var again = await caller.PostAsync(Path(card), body, idempotencyKey: "put");

        Assert.Equal((HttpStatusCode.Created, "9F58", "05", "72"), (order.Status, order.TextAt("data_object"), order.TextAt("data"), order.TextAt("template")));
        Assert.Equal(order.Text, again.Text);
        Assert.Single((await caller.GetAsync(Path(card))).At("data").EnumerateArray());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"command":"reboot"}""")]
    [InlineData("""{"command":"pin_change"}""")]
    [InlineData("""{"command":"put_data"}""")]
    [InlineData("""{"command":"put_data","data_object":"9F58"}""")]
    [InlineData("""{"command":"put_data","data_object":"0000","data":"05"}""")]
    [InlineData("""{"command":"put_data","data_object":"9F58","data":"5"}""")]
    [InlineData("""{"command":"card_block","data":"05"}""")]
    [InlineData("""{"command":"card_block","template":"86"}""")]
    public async Task What_makes_no_sense_is_not_ordered(string body)
    {
        var caller = await facade.CallAsync(credentials: SendsCommands);
        var card = await caller.CreateCardAsync();

        var refused = await caller.PostAsync(Path(card), body);

        Assert.Equal((HttpStatusCode.BadRequest, "validation_failed"), (refused.Status, refused.Code));
        Assert.Empty((await caller.GetAsync(Path(card))).At("data").EnumerateArray());
    }

    [Fact]
    public async Task A_program_without_a_key_for_commands_orders_none_and_strangers_see_none()
    {
        var caller = await facade.CallAsync(credentials: SendsCommands);
        var stranger = await facade.CallAsync(credentials: SendsCommands);
        var keyless = await facade.CallAsync(credentials: new CredentialProfile { PinKey = "pvk" });
        var card = await caller.CreateCardAsync();
        var order = await caller.PostAsync(Path(card), """{"command":"card_block"}""");
        var other = await caller.CreateCardAsync();

        var refused = await keyless.PostAsync(Path(await keyless.CreateCardAsync()), """{"command":"card_block"}""");

        Assert.Equal((HttpStatusCode.Conflict, "invalid_state_transition"), (refused.Status, refused.Code));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(Path(card))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{Path(card)}/{order.TextAt("id")}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"{Path(card)}/{order.TextAt("id")}/cancel")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync($"{Path(other)}/{order.TextAt("id")}")).Status);
    }

    [Fact]
    public async Task What_became_of_a_command_is_told_and_only_one_that_waits_is_taken_back()
    {
        var caller = await facade.CallAsync(credentials: SendsCommands);
        var card = await caller.CreateCardAsync();
        var first = await caller.PostAsync(Path(card), """{"command":"pin_unblock"}""");
        var second = await caller.PostAsync(Path(card), """{"command":"card_block"}""");

        var cancelled = await caller.PostAsync($"{Path(card)}/{second.TextAt("id")}/cancel");
        await NoteAsync(card, (int)first.NumberAt("number"), resultNumber: 0, result: 0);
        var sent = await caller.GetAsync($"{Path(card)}/{first.TextAt("id")}");
        var tooLate = await caller.PostAsync($"{Path(card)}/{first.TextAt("id")}/cancel");
        await NoteAsync(card, (int)first.NumberAt("number"), (int)first.NumberAt("number"), result: 0x20);
        var told = await caller.GetAsync($"{Path(card)}/{first.TextAt("id")}");

        Assert.Equal((HttpStatusCode.OK, "cancelled"), (cancelled.Status, cancelled.TextAt("state")));
        Assert.Equal("sent", sent.TextAt("state"));
        Assert.Equal((HttpStatusCode.Conflict, "invalid_state_transition"), (tooLate.Status, tooLate.Code));
        Assert.Equal(("succeeded", "20"), (told.TextAt("state"), told.TextAt("chip_result")));
        Assert.Equal(["cancelled", "succeeded"], (await caller.GetAsync(Path(card))).At("data").EnumerateArray().Select(order => order.GetProperty("state").GetString()));
        Assert.Single((await caller.GetAsync(Path(card) + "?limit=1&starting_after=" + second.TextAt("id"))).At("data").EnumerateArray());
    }

    private static string Path(Answer card) => $"/v1/cards/{card.TextAt("id")}/scripts";

    /// <summary>As the projector and the hosts note what the ledger has.</summary>
    private async Task NoteAsync(Answer card, int number, int resultNumber, byte result)
    {
        PublicId.TryRead(PublicId.Card, card.TextAt("id"), out var id);
        await facade.NoteScriptAsync(id, number, resultNumber, result);
        await facade.Get<ScriptQueries>().ListAsync(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(10), CancellationToken.None);
    }
}
