using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Processor.Authorization;
using Processor.Cards;
using Processor.Records;

namespace Processor.Api;

using PinAnswer = Results<JsonHttpResult<PinStatusBody>, JsonHttpResult<ProblemBody>>;

/// <summary><c>/v1/cards/{id}/pin_status</c> and <c>/v1/cards/{id}/pin/unblock</c>: how often a PIN may still be wrong, and trying anew.</summary>
internal sealed class CardPinEndpoints(CardQueries cards, LedgerDesk desk, IdempotentRequests idempotency)
{
    private const string UnblockStep = "pin_unblock";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/cards/{cardId}");
        group.MapGet("/pin_status", (string cardId, HttpContext http, Tenant tenant, CardPinEndpoints pins) => pins.GetAsync(cardId, http, tenant));
        group.MapPost("/pin/unblock", (string cardId, HttpContext http, Tenant tenant, CardPinEndpoints pins) => pins.UnblockAsync(cardId, http, tenant));
    }

    private async Task<PinAnswer> GetAsync(string cardId, HttpContext http, Tenant tenant)
    {
        if (await cards.FindAsync(cardId, http, tenant) is not { } card)
            return Problem.NotFound(http, "card");
        return await ShowAsync(card, tenant);
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
        if (PinStatusBody.Of(card.Id, record: null, tenant.Program).Status == PinStatusBody.NotSet)
            return Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The program checks no PINs.");
        var said = await desk.RunAsync(new ResetPinTriesCommand
        {
            AccountId = card.AccountId,
            Key = RequestKey.OfOperation(tenant.Program.Id, operation.Key, UnblockStep),
            CardId = card.Id,
        });
        return said switch
        {
            CommandResult.Done or CommandResult.DoneBefore => await ShowAsync(card, tenant),
            CommandResult.InvalidState => Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The card is closed."),
            CommandResult.NotFound => Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The card is still being made."),
            _ => throw new InvalidOperationException($"A reset of PIN tries was answered {said}."),
        };
    }

    private async Task<JsonHttpResult<PinStatusBody>> ShowAsync(Card card, Tenant tenant)
    {
        var account = await desk.ReadAsync(card.AccountId);
        return ApiJson.Answer(PinStatusBody.Of(card.Id, account?.FindCard(card.Id), tenant.Program));
    }
}
