using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Processor.Cards;
using Processor.Records;

namespace Processor.Api;

using ScriptAnswer = Results<JsonHttpResult<ScriptBody>, JsonHttpResult<ProblemBody>>;
using ScriptListAnswer = Results<JsonHttpResult<ListBody<ScriptBody>>, JsonHttpResult<ProblemBody>>;

/// <summary><c>/v1/cards/{id}/scripts</c>: commands for a card's chip: order, take back, and see what became of them.</summary>
internal sealed class CardScriptEndpoints(CardQueries cards, ScriptQueries scripts, IdempotentRequests idempotency, TimeProvider clock)
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/cards/{cardId}/scripts");
        group.MapPost("/", (string cardId, HttpContext http, Tenant tenant, CardScriptEndpoints scripts) => scripts.OrderAsync(cardId, http, tenant));
        group.MapGet("/", (string cardId, HttpContext http, Tenant tenant, CardScriptEndpoints scripts) => scripts.ListAsync(cardId, http, tenant));
        group.MapGet("/{scriptId}", (string cardId, string scriptId, HttpContext http, Tenant tenant, CardScriptEndpoints scripts) => scripts.GetAsync(cardId, scriptId, http, tenant));
        group.MapPost("/{scriptId}/cancel", (string cardId, string scriptId, HttpContext http, Tenant tenant, CardScriptEndpoints scripts) => scripts.CancelAsync(cardId, scriptId, http, tenant));
    }

    private async Task<IResult> OrderAsync(string cardId, HttpContext http, Tenant tenant)
    {
        if (await cards.FindAsync(cardId, http, tenant) is not { } card)
            return Problem.NotFound(http, "card");
        var body = await JsonBody.ReadAsync(http);
        var request = OrderScriptRequest.Read(body.Fields);
        if (body.End(http) is { } problem)
            return problem;
        return await idempotency.RunAsync(
            http, tenant, body, PublicId.Script, resourceId: null, async operation => await OrderAsync(http, tenant, card, request!, operation));
    }

    private async Task<ScriptAnswer> OrderAsync(HttpContext http, Tenant tenant, Card card, OrderScriptRequest request, IdempotentOperation operation)
    {
        if (tenant.Program.Credentials is not { IntegrityKey.Length: > 0 })
            return Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The program sends no commands to chips.");
        await scripts.OrderAsync(
            operation.ResourceId, card.Id, request.Command, request.Template, request.DataObject, request.Data, clock.GetUtcNow(), CancellationToken.None);
        return await scripts.FindAsync(card.Id, operation.ResourceId, CancellationToken.None) is { } script
            ? ApiJson.Answer(ScriptBody.Of(script), StatusCodes.Status201Created)
            : throw new InvalidOperationException($"The order {operation.ResourceId} is gone.");
    }

    private async Task<ScriptListAnswer> ListAsync(string cardId, HttpContext http, Tenant tenant)
    {
        if (await cards.FindAsync(cardId, http, tenant) is not { } card)
            return Problem.NotFound(http, "card");
        var errors = new List<ProblemError>();
        var page = PageQuery.Read(http.Request.Query, PublicId.Script, errors);
        if (errors.Count > 0)
            return Problem.Invalid(http, errors);
        var (rows, hasMore) = await page.ReadAsync(
            (before, limit) => scripts.ListOlderAsync(card.Id, before, limit, http.RequestAborted),
            (after, limit) => scripts.ListNewerAsync(card.Id, after, limit, http.RequestAborted));
        var bodies = rows.Select(ScriptBody.Of).ToList();
        return ApiJson.Answer(new ListBody<ScriptBody>(bodies, hasMore, hasMore ? bodies[^1].Id : null));
    }

    private async Task<ScriptAnswer> GetAsync(string cardId, string scriptId, HttpContext http, Tenant tenant) =>
        await FindAsync(cardId, scriptId, http, tenant) is { } script ? ApiJson.Answer(ScriptBody.Of(script)) : Problem.NotFound(http, "script");

    private async Task<IResult> CancelAsync(string cardId, string scriptId, HttpContext http, Tenant tenant)
    {
        if (await FindAsync(cardId, scriptId, http, tenant) is not { } script)
            return Problem.NotFound(http, "script");
        var body = await JsonBody.ReadAsync(http);
        if (body.End(http) is { } problem)
            return problem;
        return await idempotency.RunAsync(
            http, tenant, body, PublicId.Script, script.Id, async operation => await CancelAsync(http, script));
    }

    private async Task<ScriptAnswer> CancelAsync(HttpContext http, CardScript script)
    {
        await scripts.CancelAsync(script.CardId, script.Id, clock.GetUtcNow(), CancellationToken.None);
        var now = await scripts.FindAsync(script.CardId, script.Id, CancellationToken.None) ?? script;
        return now is { SentAt: null, CancelledAt: not null }
            ? ApiJson.Answer(ScriptBody.Of(now))
            : Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The command has been sent.");
    }

    private async Task<CardScript?> FindAsync(string cardId, string scriptId, HttpContext http, Tenant tenant) =>
        PublicId.TryRead(PublicId.Script, scriptId, out var id) && await cards.FindAsync(cardId, http, tenant) is { } card
            ? await scripts.FindAsync(card.Id, id, http.RequestAborted)
            : null;
}
