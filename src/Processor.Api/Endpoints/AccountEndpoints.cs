using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Api;

using AccountAnswer = Results<JsonHttpResult<AccountBody>, JsonHttpResult<ProblemBody>>;
using BalanceAnswer = Results<JsonHttpResult<AccountBalanceBody>, JsonHttpResult<ProblemBody>>;

/// <summary><c>/v1/accounts</c>: read an account, and its balance as the ledger has it now.</summary>
internal sealed class AccountEndpoints(AccountQueries accounts, LedgerDesk desk, TimeProvider clock)
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/accounts/{accountId}");
        group.MapGet("/", (string accountId, HttpContext http, Tenant tenant, AccountEndpoints accounts) => accounts.GetAsync(accountId, http, tenant));
        group.MapGet("/balance", (string accountId, HttpContext http, Tenant tenant, AccountEndpoints accounts) => accounts.GetBalanceAsync(accountId, http, tenant));
    }

    private async Task<AccountAnswer> GetAsync(string accountId, HttpContext http, Tenant tenant)
    {
        if (await FindAsync(accountId, http, tenant) is not { } account)
            return Problem.NotFound(http, "account");
        var read = await desk.ReadAsync(account.Id);
        return ApiJson.Answer(
            new AccountBody
            {
                Id = accountId,
                Owner = account.CardId is { } cardId
                    ? new("card", PublicId.Write(PublicId.Card, cardId))
                    : new("program", PublicId.Write(PublicId.Program, tenant.Program.Id)),
                Currency = account.Currency.Alpha,
                State = StateOf(read),
                Balances = read is null ? BalancesBody.None(account.Currency) : BalancesBody.Of(read.BalanceIn(account.Currency)),
                ExternalId = account.ExternalId,
                Version = account.Version,
                CreatedAt = account.CreatedAt,
            });
    }

    private async Task<BalanceAnswer> GetBalanceAsync(string accountId, HttpContext http, Tenant tenant)
    {
        if (await FindAsync(accountId, http, tenant) is not { } account)
            return Problem.NotFound(http, "account");
        var read = await desk.ReadAsync(account.Id);
        var balances = read is null ? BalancesBody.None(account.Currency) : BalancesBody.Of(read.BalanceIn(account.Currency));
        return ApiJson.Answer(
            new AccountBalanceBody(accountId, balances.Posted, balances.Held, balances.Available, balances.CreditLimit, clock.GetUtcNow()));
    }

    private async Task<Account?> FindAsync(string accountId, HttpContext http, Tenant tenant) =>
        PublicId.TryRead(PublicId.Account, accountId, out var id) ? await accounts.FindAsync(tenant.Number, id, http.RequestAborted) : null;

    private static string StateOf(ReadAccount? account) => account?.Account.Status switch
    {
        null => "pending",
        AccountStatus.Open => "open",
        AccountStatus.Paused => "paused",
        AccountStatus.Closed => "closed",
        { } other => throw new ArgumentOutOfRangeException(nameof(account), other, "No word for that status."),
    };
}
