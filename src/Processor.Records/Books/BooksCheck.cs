using System.Data;
using Dapper;

namespace Processor.Records;

/// <summary>Checks that the projected books agree with themselves, in one snapshot. It reads whole tables: not for every minute.</summary>
public sealed class BooksCheck(RecordsDatabase database)
{
    /// <summary>Findings of one rule at most.</summary>
    public const int FindingsMax = 100;

    private const string JournalsSql = """
        select 'journal sums to zero' as rule, event_id::text as subject, currency::integer as currency, 0::bigint as expected, sum(amount)::bigint as found
        from ledger_entry
        group by event_id, currency
        having sum(amount) <> 0
        limit @FindingsMax
        """;

    private const string CurrenciesSql = """
        select 'currency sums to zero' as rule, 'all accounts' as subject, currency::integer as currency, 0::bigint as expected, sum(amount)::bigint as found
        from ledger_entry
        group by currency
        having sum(amount) <> 0
        limit @FindingsMax
        """;

    private const string HeldSql = """
        select 'held is the sum of open holds' as rule, coalesce(balance.account_id, open.account_id)::text as subject,
            coalesce(balance.currency, open.billing_currency)::integer as currency,
            coalesce(open.held, 0) as expected, coalesce(balance.held, 0) as found
        from account_balance as balance
        full join (
            select account_id, billing_currency, sum(held)::bigint as held
            from hold
            where state in (1, 2)
            group by account_id, billing_currency
        ) as open on open.account_id = balance.account_id and open.billing_currency = balance.currency
        where coalesce(balance.held, 0) <> coalesce(open.held, 0)
        limit @FindingsMax
        """;

    // Counter accounts have entries and no balance.
    private const string PostedSql = """
        select 'posted is the sum of entries' as rule, account_id::text as subject, currency::integer as currency,
            coalesce(entries.amount, 0) as expected, coalesce(balance.posted, 0) as found
        from account_balance as balance
        full join (
            select account_id, currency, sum(amount)::bigint as amount
            from ledger_entry
            join account_state using (account_id)
            group by account_id, currency
        ) as entries using (account_id, currency)
        where coalesce(balance.posted, 0) <> coalesce(entries.amount, 0)
        limit @FindingsMax
        """;

    private const string OpenHoldsSql = """
        select 'open holds are counted' as rule, state.account_id::text as subject, 0 as currency,
            coalesce(open.number, 0) as expected, state.open_holds::bigint as found
        from account_state as state
        left join (
            select account_id, count(*) as number
            from hold
            where state in (1, 2)
            group by account_id
        ) as open using (account_id)
        where state.open_holds <> coalesce(open.number, 0)
        limit @FindingsMax
        """;

    private const string ExceptionsSql = """
        select 'everything is projected' as rule, 'partition ' || partition as subject, 0 as currency, 0::bigint as expected, count(*) as found
        from journal_exception
        group by partition
        limit @FindingsMax
        """;

    /// <summary>Checks every rule.</summary>
    /// <returns>Nothing when the books agree.</returns>
    public async Task<IReadOnlyList<BooksFinding>> RunAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        var findings = new List<BooksFinding>();
        foreach (var sql in (string[])[JournalsSql, CurrenciesSql, HeldSql, PostedSql, OpenHoldsSql, ExceptionsSql])
        {
            findings.AddRange(await connection.QueryAsync<BooksFinding>(
                new CommandDefinition(sql, new { FindingsMax }, transaction, commandTimeout: 0, cancellationToken: cancellation)));
        }

        return findings;
    }
}
