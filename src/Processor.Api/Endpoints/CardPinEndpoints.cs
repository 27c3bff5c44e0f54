using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Processor.Authorization;
using Processor.Cards;
using Processor.Records;
using Processor.Security;

namespace Processor.Api;

using PinAnswer = Results<JsonHttpResult<PinStatusBody>, JsonHttpResult<ProblemBody>>;

/// <summary><c>/v1/cards/{id}/pin</c>, <c>/pin_status</c> and <c>/pin/unblock</c>: giving a card its PIN, how often one may still be wrong, and
/// trying anew.</summary>
internal sealed class CardPinEndpoints(
    CardQueries cards, LedgerDesk desk, PinIssuer pins, PanVault vault, ScriptQueries scripts, IdempotentRequests idempotency, TimeProvider clock)
{
    private const string SetStep = "pin";
    private const string ChipStep = "pin_change";
    private const byte LastTemplate = 0x72;
    private const string UnblockStep = "pin_unblock";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/cards/{cardId}");
        group.MapGet("/pin_status", (string cardId, HttpContext http, Tenant tenant, CardPinEndpoints pins) => pins.GetAsync(cardId, http, tenant));
        group.MapPost("/pin", (string cardId, HttpContext http, Tenant tenant, CardPinEndpoints pins) => pins.SetAsync(cardId, http, tenant));
        group.MapPost("/pin/unblock", (string cardId, HttpContext http, Tenant tenant, CardPinEndpoints pins) => pins.UnblockAsync(cardId, http, tenant));
    }

    private async Task<PinAnswer> GetAsync(string cardId, HttpContext http, Tenant tenant)
    {
        if (await cards.FindAsync(cardId, http, tenant) is not { } card)
            return Problem.NotFound(http, "card");
        return await ShowAsync(card, tenant);
    }

    private async Task<IResult> SetAsync(string cardId, HttpContext http, Tenant tenant)
    {
        if (await cards.FindAsync(cardId, http, tenant) is not { } card)
            return Problem.NotFound(http, "card");
        var body = await JsonBody.ReadAsync(http);
        var pin = PinBody.Read(body.Fields, PinBody.Formats);
        if (body.End(http) is { } problem)
            return problem;
        return await idempotency.RunAsync(
            http, tenant, body, PublicId.Card, card.Id, async operation => await SetAsync(http, tenant, card, pin!.Value, operation));
    }

    /// <summary>The ledger's command counts; the chip's order comes after, and is the same one when the request is carried out again.</summary>
    private async Task<PinAnswer> SetAsync(HttpContext http, Tenant tenant, Card card, SealedPin pin, IdempotentOperation operation)
    {
        if (tenant.Program.Credentials is not { } profile)
            return PinProblem.Of(http, PinIssueResult.NotTaken);
        var issue = await pins.IssueAsync(profile, vault.Decrypt(card.PanCipher, card.Id), pin, CancellationToken.None);
        if (issue.Result != PinIssueResult.Taken)
            return PinProblem.Of(http, issue.Result);
        var said = await desk.RunAsync(new SetCardPinCommand
        {
            AccountId = card.AccountId,
            Key = RequestKey.OfOperation(tenant.Program.Id, operation.Key, SetStep),
            CardId = card.Id,
            Pin = issue.Pin,
        });
        if (said is (CommandResult.Done or CommandResult.DoneBefore) && !issue.ForChip.IsEmpty)
        {
            var order = new Ulid(RequestKey.OfOperation(tenant.Program.Id, operation.Key, ChipStep));
            await scripts.OrderAsync(order, card.Id, ScriptCommand.PinChange, LastTemplate, dataObject: 0, issue.ForChip, clock.GetUtcNow(), CancellationToken.None);
        }

        return await AnswerAsync(http, tenant, card, said);
    }

    private async Task<IResult> UnblockAsync(string cardId, HttpContext http, Tenant tenant)
    {
        if (await cards.FindAsync(cardId, http, tenant) is not { } card)
            return Problem.NotFound(http, "card");
        var body = await JsonBody.ReadAsync(http);
        if (body.End(http) is { } problem)
            return problem;
        return await idempotency.RunAsync(
            http, tenant, body, PublicId.Card, card.Id, async operation => await UnblockAsync(http, tenant, card, operation));
    }

    private async Task<PinAnswer> UnblockAsync(HttpContext http, Tenant tenant, Card card, IdempotentOperation operation)
    {
        if (tenant.Program.Credentials is not { PinKey.Length: > 0 })
            return Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The program checks no PINs.");
        var said = await desk.RunAsync(new ResetPinTriesCommand
        {
            AccountId = card.AccountId,
            Key = RequestKey.OfOperation(tenant.Program.Id, operation.Key, UnblockStep),
            CardId = card.Id,
        });
        return await AnswerAsync(http, tenant, card, said);
    }

    private async Task<PinAnswer> AnswerAsync(HttpContext http, Tenant tenant, Card card, CommandResult said) => said switch
    {
        CommandResult.Done or CommandResult.DoneBefore => await ShowAsync(card, tenant),
        CommandResult.InvalidState => Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The card is closed."),
        CommandResult.NotFound => Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The card is still being made."),
        _ => throw new InvalidOperationException($"A change of a card's PIN was answered {said}."),
    };

    private async Task<JsonHttpResult<PinStatusBody>> ShowAsync(Card card, Tenant tenant)
    {
        var account = await desk.ReadAsync(card.AccountId);
        return ApiJson.Answer(PinStatusBody.Of(card.Id, account?.FindCard(card.Id), tenant.Program));
    }
}
