using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Processor.Records;

namespace Processor.Api;

using TransactionAnswer = Results<JsonHttpResult<TransactionBody>, JsonHttpResult<ProblemBody>>;
using TransactionListAnswer = Results<JsonHttpResult<ListBody<TransactionBody>>, JsonHttpResult<ProblemBody>>;

/// <summary><c>/v1/cards/{id}/transactions</c> and <c>/v1/transactions</c>: what was asked of a card, and what became of it.</summary>
/// <remarks>Read from the projection in Postgres, so a decision shows here about a second after it was made.</remarks>
internal sealed class TransactionEndpoints(CardQueries cards, AccountQueries accounts, TransactionQueries transactions, INetworkProfiles networks)
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/v1/cards/{cardId}/transactions",
            (string cardId, HttpContext http, Tenant tenant, TransactionEndpoints transactions) => transactions.ListAsync(cardId, http, tenant));
        routes.MapGet(
            "/v1/transactions/{transactionId}",
            (string transactionId, HttpContext http, Tenant tenant, TransactionEndpoints transactions) => transactions.GetAsync(transactionId, http, tenant));
    }

    private async Task<TransactionListAnswer> ListAsync(string cardId, HttpContext http, Tenant tenant)
    {
        if (await cards.FindAsync(cardId, http, tenant) is not { } card)
            return Problem.NotFound(http, "card");
        var errors = new List<ProblemError>();
        var page = PageQuery.Read(http.Request.Query, PublicId.Transaction, errors);
        if (errors.Count > 0)
            return Problem.Invalid(http, errors);
        var (rows, hasMore) = await page.ReadAsync(
            (before, limit) => transactions.ListOlderAsync(card.Id, before, limit, http.RequestAborted),
            (after, limit) => transactions.ListNewerAsync(card.Id, after, limit, http.RequestAborted));
        var bodies = rows.Select(row => TransactionBody.Of(row, networks, tenant.Program)).ToList();
        return ApiJson.Answer(new ListBody<TransactionBody>(bodies, hasMore, hasMore ? bodies[^1].Id : null));
    }

    private async Task<TransactionAnswer> GetAsync(string transactionId, HttpContext http, Tenant tenant)
    {
        if (!PublicId.TryRead(PublicId.Transaction, transactionId, out var id)
            || await transactions.FindAsync(id, http.RequestAborted) is not { } transaction
            || await accounts.FindAsync(tenant.Number, transaction.AccountId, http.RequestAborted) is null)
        {
            return Problem.NotFound(http, "transaction");
        }

        return ApiJson.Answer(TransactionBody.Of(transaction, networks, tenant.Program));
    }
}
