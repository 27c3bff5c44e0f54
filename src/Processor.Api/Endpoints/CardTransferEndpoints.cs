using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Processor.Authorization;
using Processor.Cards;
using Processor.Records;

namespace Processor.Api;

using TransferAnswer = Results<JsonHttpResult<TransferBody>, JsonHttpResult<ProblemBody>>;

/// <summary><c>/v1/cards/{id}/transfers</c>: the program tops a card up or takes money back.</summary>
internal sealed class CardTransferEndpoints(CardQueries cards, LedgerDesk desk, IdempotentRequests idempotency, TimeProvider clock)
{
    private const string TopUp = "top_up";
    private const string Withdraw = "withdraw";
    private const string TransferStep = "transfer";

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(
            "/v1/cards/{cardId}/transfers",
            (string cardId, HttpContext http, Tenant tenant, CardTransferEndpoints transfers) => transfers.CreateAsync(cardId, http, tenant));

    private async Task<IResult> CreateAsync(string cardId, HttpContext http, Tenant tenant)
    {
        if (await cards.FindAsync(cardId, http, tenant) is not { } card)
            return Problem.NotFound(http, "card");
        var body = await JsonBody.ReadAsync(http);
        var kind = body.Fields.Word("kind", isRequired: true, TopUp, Withdraw);
        var amount = body.Fields.Money("amount", min: 1);
        if (!body.Fields.Has("amount"))
            body.Fields.Refuse("amount", "required", "This is required.");
        if (body.End(http) is { } problem)
            return problem;
        return await idempotency.RunAsync(
            http, tenant, body, PublicId.Transfer, resourceId: null, async operation => await MoveAsync(http, tenant, card, kind!, amount!.Value, operation));
    }

    private async Task<TransferAnswer> MoveAsync(HttpContext http, Tenant tenant, Card card, string kind, Amount amount, IdempotentOperation operation)
    {
        var command = new TransferCommand
        {
            AccountId = card.AccountId,
            Key = RequestKey.OfOperation(tenant.Program.Id, operation.Key, TransferStep),
            Kind = kind == TopUp ? TransactionKind.TopUp : TransactionKind.Withdraw,
            Amount = amount,
            CardId = card.Id,
        };
        var said = await desk.RunAsync(command);
        return said switch
        {
            CommandResult.Done or CommandResult.DoneBefore => Show(tenant, card, kind, amount, command, operation),
            CommandResult.InsufficientFunds => Problem.Of(
                http, StatusCodes.Status422UnprocessableEntity, ProblemCode.InsufficientAvailableBalance, "The account has less available than that."),
            CommandResult.CurrencyMismatch => Problem.Of(
                http, StatusCodes.Status422UnprocessableEntity, ProblemCode.CurrencyMismatch, $"The card's account is in {card.Currency.Alpha}."),
            CommandResult.InvalidState => Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The card's account is closed."),
            CommandResult.NotFound => Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.InvalidStateTransition, "The card is still being made."),
            CommandResult.Conflict => Problem.Of(http, StatusCodes.Status409Conflict, ProblemCode.Conflict, "That Idempotency-Key moved another amount before."),
            _ => throw new InvalidOperationException($"A transfer was answered {said}."),
        };
    }

    private JsonHttpResult<TransferBody> Show(Tenant tenant, Card card, string kind, Amount amount, TransferCommand command, IdempotentOperation operation)
    {
        var program = new TransferBody.Side("program", PublicId.Write(PublicId.Program, tenant.Program.Id));
        var target = new TransferBody.Side("card", PublicId.Write(PublicId.Card, card.Id));
        var body = new TransferBody
        {
            Id = PublicId.Write(PublicId.Transfer, operation.ResourceId),
            Kind = kind,
            State = "posted",
            From = kind == TopUp ? program : target,
            To = kind == TopUp ? target : program,
            AccountId = PublicId.Write(PublicId.Account, card.AccountId),
            Amount = Money.Of(amount.MinorUnits, amount.Currency),
            Balances = BalancesBody.Of(command.Balance),
            CreatedAt = clock.GetUtcNow(),
        };
        return ApiJson.Answer(body, StatusCodes.Status201Created);
    }
}
