using Processor.Cards;

namespace Processor.Records;

/// <summary>Accounts in Postgres: the record of each, and its balances as the projector sees them.</summary>
public sealed class AccountQueries(RecordsDatabase database)
{
    private const string FindSql = """
        select account.id, account.currency, account.external_id, account.version, account.created_at,
            (select card.id from card where card.account_id = account.id order by card.id limit 1) as card_id
        from account
        where account.id = @id and account.program = @program
        """;

    private const string ListSql = """
        select state.account_id, state.status, state.program, state.decided_at, balance.currency, balance.posted, balance.held, balance.credit_limit
        from account_state as state
        join account_balance as balance using (account_id)
        where state.account_id = @accountId
        order by balance.currency
        """;

    /// <summary>An account of that program, or null.</summary>
    public Task<Account?> FindAsync(int program, Ulid id, CancellationToken cancellation) =>
        database.FindAsync<Account>(FindSql, new { program, id }, cancellation);

    /// <summary>The balances of an account, one for each currency; empty when nothing was projected of it.</summary>
    public Task<IReadOnlyList<AccountState>> ListBalancesAsync(Ulid accountId, CancellationToken cancellation) =>
        database.ListAsync<AccountState>(ListSql, new { accountId }, cancellation);
}
