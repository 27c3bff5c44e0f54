using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Processor.Authorization;
using Processor.Cards;
using Processor.Records;

namespace Processor.Api;

using CardAnswer = Results<JsonHttpResult<CardBody>, JsonHttpResult<ProblemBody>>;
using CardListAnswer = Results<JsonHttpResult<ListBody<CardBody>>, JsonHttpResult<ProblemBody>>;

/// <summary><c>/v1/cards</c>: make, read, list, freeze, unfreeze, close.</summary>
internal sealed class CardEndpoints(
    CardQueries cards, ProgramQueries programs, CardIssuance issuance, LedgerDesk desk, IdempotentRequests idempotency, TimeProvider clock)
{
    private const string StatusStep = "card_status";

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/cards");
        group.MapPost("/", (HttpContext http, Tenant tenant, CardEndpoints cards) => cards.CreateAsync(http, tenant));
        group.MapGet("/", (HttpContext http, Tenant tenant, CardEndpoints cards) => cards.ListAsync(http, tenant));
        group.MapGet("/{cardId}", (string cardId, HttpContext http, Tenant tenant, CardEndpoints cards) => cards.GetAsync(cardId, http, tenant));
        group.MapPost("/{cardId}/freeze", (string cardId, HttpContext http, Tenant tenant, CardEndpoints cards) => cards.FreezeAsync(cardId, http, tenant));
        group.MapPost("/{cardId}/unfreeze", (string cardId, HttpContext http, Tenant tenant, CardEndpoints cards) => cards.UnfreezeAsync(cardId, http, tenant));
        group.MapPost("/{cardId}/close", (string cardId, HttpContext http, Tenant tenant, CardEndpoints cards) => cards.CloseAsync(cardId, http, tenant));
    }

    private async Task<IResult> CreateAsync(HttpContext http, Tenant tenant)
    {
        var body = await JsonBody.ReadAsync(http);
        if (body.Problem is not null)
            return body.Problem;
        var named = body.Fields.Text("card_product_id", lengthMax: 64);
        var product = named is null
            ? await programs.FindDefaultProductAsync(tenant.Number, http.RequestAborted)
            : PublicId.TryRead(PublicId.Product, named, out var productId) ? await programs.FindProductAsync(tenant.Number, productId, http.RequestAborted) : null;
        if (product is null && body.Errors.Count == 0)
            return Problem.Of(http, StatusCodes.Status422UnprocessableEntity, ProblemCode.ProductNotFound, "The program has no such product.");

        var request = CreateCardRequest.Read(body.Fields, product?.Currency ?? Currency.Eur, tenant.Program.Credentials is { DemandsPinAtIssuance: true });
        if (body.End(http) is { } problem)
            return problem;
        if (request.InitialBalance is not { } balance)
        {
            var missing = new ProblemError("/initial_balance", "required", "This is required; an amount of 0 is good.");
            return Problem.Invalid(http, [missing], ProblemCode.InitialBalanceRequired);
        }

        return await idempotency.RunAsync(
            http, tenant, body, PublicId.Card, resourceId: null, async operation => await IssueAsync(http, tenant, product!, request, balance, operation));
    }

    private async Task<CardAnswer> IssueAsync(
        HttpContext http, Tenant tenant, CardProduct product, CreateCardRequest request, Amount balance, IdempotentOperation operation)
    {
        if (!tenant.Program.IsActive)
            return Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.ProgramInactive, "The program is suspended.");
        if (!product.IsActive)
            return Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.ProductInactive, "The product is not active.");
        if (balance.Currency != product.Currency)
            return Problem.Of(http, StatusCodes.Status422UnprocessableEntity, ProblemCode.CurrencyMismatch, $"The product's accounts are in {product.Currency.Alpha}.");
        try
        {
            var order = new CardOrder
            {
                CardId = operation.ResourceId,
                Program = tenant.Program,
                Product = product,
                Expiry = ExpiryOf(product, tenant.Program),
                InitialBalance = balance.MinorUnits,
                Limits = request.Limits ?? LimitsDocument.Read(product.Limits),
                Label = request.Label,
                ExternalId = request.ExternalId,
                Metadata = request.Metadata,
                Pin = request.Pin,
            };
            var card = await issuance.IssueAsync(order, CancellationToken.None);
            return Show(card, await desk.ReadAsync(card.AccountId), tenant, StatusCodes.Status201Created);
        }
        catch (PinRefusedException refused)
        {
            return PinProblem.Of(http, refused.Result);
        }
        catch (ExternalIdTakenException taken)
        {
            return Problem.Of(
                http, StatusCodes.Status409Conflict, ProblemCode.ExternalIdTaken, "Another card has that external_id.", resourceId: PublicId.Write(PublicId.Card, taken.CardId));
        }
    }

    private async Task<CardAnswer> GetAsync(string cardId, HttpContext http, Tenant tenant)
    {
        if (await cards.FindAsync(cardId, http, tenant) is not { } card)
            return Problem.NotFound(http, "card");
        return Show(card, await desk.ReadAsync(card.AccountId), tenant);
    }

    private async Task<CardListAnswer> ListAsync(HttpContext http, Tenant tenant)
    {
        var errors = new List<ProblemError>();
        var page = PageQuery.Read(http.Request.Query, PublicId.Card, errors, "external_id");
        if (errors.Count > 0)
            return Problem.Invalid(http, errors);
        var externalId = (string?)http.Request.Query["external_id"];
        var (rows, hasMore) = await page.ReadAsync(
            (before, limit) => cards.ListOlderAsync(tenant.Number, externalId, before, limit, http.RequestAborted),
            (after, limit) => cards.ListNewerAsync(tenant.Number, externalId, after, limit, http.RequestAborted));

        // The ledger answers them together: its lanes take what waits in one call.
        var accounts = await Task.WhenAll(rows.Select(card => desk.ReadAsync(card.AccountId)));
        var now = clock.GetUtcNow();
        var bodies = rows.Select((card, index) => CardBody.Of(card, accounts[index], tenant, now)).ToList();
        return ApiJson.Answer(new ListBody<CardBody>(bodies, hasMore, hasMore ? bodies[^1].Id : null));
    }

    private Task<IResult> FreezeAsync(string cardId, HttpContext http, Tenant tenant) => ChangeAsync(cardId, http, tenant, _ => CardStatus.Frozen);

    private Task<IResult> UnfreezeAsync(string cardId, HttpContext http, Tenant tenant) => ChangeAsync(cardId, http, tenant, _ => CardStatus.Active);

    private Task<IResult> CloseAsync(string cardId, HttpContext http, Tenant tenant)
    {
        return ChangeAsync(cardId, http, tenant, reason => reason switch
        {
            "lost" => CardStatus.Lost,
            "stolen" => CardStatus.Stolen,
            _ => CardStatus.Closed,
        });
    }

    private async Task<IResult> ChangeAsync(string cardId, HttpContext http, Tenant tenant, Func<string?, CardStatus> target)
    {
        if (await cards.FindAsync(cardId, http, tenant) is not { } card)
            return Problem.NotFound(http, "card");
        var body = await JsonBody.ReadAsync(http);
        var isEnd = target(null) == CardStatus.Closed;
        var reason = isEnd ? body.Fields.Word("reason", isRequired: false, CloseReasons) ?? "issuer" : null;
        if (body.End(http) is { } problem)
            return problem;
        return await idempotency.RunAsync(
            http, tenant, body, PublicId.Card, card.Id, async operation => await ChangeAsync(http, tenant, card, target(reason), reason, operation));
    }

    private static readonly string[] CloseReasons = ["lost", "stolen", "damaged", "fraud", "end_user", "issuer", "undeliverable"];

    private async Task<CardAnswer> ChangeAsync(HttpContext http, Tenant tenant, Card card, CardStatus target, string? reason, IdempotentOperation operation)
    {
        var before = await desk.ReadAsync(card.AccountId);
        var state = CardStates.Of(before?.FindCard(card.Id), tenant.Program, clock.GetUtcNow());
        if (state is CardStates.Expired or CardStates.Pending)
            return Refuse(http, state);
        var said = await desk.RunAsync(new SetCardStatusCommand
        {
            AccountId = card.AccountId,
            Key = RequestKey.OfOperation(tenant.Program.Id, operation.Key, StatusStep),
            CardId = card.Id,
            Status = target,
        });
        if (said is not (CommandResult.Done or CommandResult.DoneBefore))
            return Refuse(http, state);
        if (reason is not null)
            await cards.SetStateReasonAsync(card.Id, reason, CancellationToken.None);
        var changed = await cards.FindAsync(tenant.Number, card.Id, CancellationToken.None) ?? card;
        return Show(changed, await desk.ReadAsync(card.AccountId), tenant);
    }

    private static JsonHttpResult<ProblemBody> Refuse(HttpContext http, string state) =>
        Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, $"The card is {state}; from there that move does not lead.");

    private JsonHttpResult<CardBody> Show(Card card, ReadAccount? account, Tenant tenant, int status = StatusCodes.Status200OK) =>
        ApiJson.Answer(CardBody.Of(card, account, tenant, clock.GetUtcNow()), status);

    // Good through the last day of the month that lies so many months ahead, in the program's time zone.
    private short ExpiryOf(CardProduct product, ProgramProfile program)
    {
        var last = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(program.TimeZone)).AddMonths(product.ExpiryMonths);
        return (short)(((last.Year % 100) * 100) + last.Month);
    }
}
