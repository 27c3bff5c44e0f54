using Dapper;
using Processor.Cards;

namespace Processor.Records;

/// <summary>Transactions as the projector made them: behind the ledger by well under a second.</summary>
public sealed class TransactionQueries(RecordsDatabase database)
{
    // Each line is a transaction and one of its events; the second id begins the event.
    private const string Lines = """
        select
            found.id, found.account_id, found.card_id, found.created_at, found.kind, found.asked, found.currency, found.billing_currency,
            found.network, found.acquirer, found.merchant_category, found.pos_entry_mode, found.terminal, found.merchant_id,
            found.merchant_name, found.merchant_city, found.merchant_country,
            occurrence.id, occurrence.at, occurrence.type, occurrence.kind, occurrence.traits, occurrence.reason, occurrence.checks as packed_checks, occurrence.amount, occurrence.billing_amount, occurrence.held_delta,
            occurrence.posted_delta, occurrence.posted_after, occurrence.held_after, occurrence.available_after, occurrence.mti, occurrence.stan,
            occurrence.retrieval_reference, occurrence.approval_code, occurrence.expires_at
        """;

    private const string FindSql = $"""
        {Lines}
        from transaction as found
        join transaction_event as occurrence on occurrence.transaction_id = found.id
        where found.id = @id
        order by occurrence.id
        """;

    private const string ListOlderSql = $"""
        {Lines}
        from (
            select * from transaction
            where card_id = @cardId and (@bound::uuid is null or id < @bound)
            order by id desc
            limit @limit
        ) as found
        join transaction_event as occurrence on occurrence.transaction_id = found.id
        order by found.id desc, occurrence.id
        """;

    private const string ListNewerSql = $"""
        {Lines}
        from (
            select * from transaction
            where card_id = @cardId and id > @bound
            order by id
            limit @limit
        ) as found
        join transaction_event as occurrence on occurrence.transaction_id = found.id
        order by found.id, occurrence.id
        """;

    /// <summary>One transaction, or null.</summary>
    public async Task<Transaction?> FindAsync(Ulid id, CancellationToken cancellation) =>
        (await ListAsync(FindSql, new { id }, cancellation)).SingleOrDefault();

    /// <summary>Transactions of a card, newest first.</summary>
    /// <param name="cardId">The card.</param>
    /// <param name="before">Only those that began before this one; null to begin with the newest.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<Transaction>> ListOlderAsync(Ulid cardId, Ulid? before, int limit, CancellationToken cancellation) =>
        ListAsync(ListOlderSql, new { cardId, bound = before?.ToGuid(), limit }, cancellation);

    /// <summary>Transactions of a card that began after one of them, oldest first.</summary>
    public Task<IReadOnlyList<Transaction>> ListNewerAsync(Ulid cardId, Ulid after, int limit, CancellationToken cancellation) =>
        ListAsync(ListNewerSql, new { cardId, bound = after, limit }, cancellation);

    private async Task<IReadOnlyList<Transaction>> ListAsync(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        var transactions = new List<Transaction>();
        var events = new List<TransactionEvent>();
        await connection.QueryAsync<Transaction, TransactionEvent, bool>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellation),
            (transaction, item) =>
            {
                if (transactions.Count == 0 || transactions[^1].Id != transaction.Id)
                    transactions.Add(transaction with { Events = events = [] });
                events.Add(item);
                return true;
            });
        return transactions;
    }
}
