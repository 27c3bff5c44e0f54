using Processor.Cards;

namespace Processor.Records;

/// <summary>Accounts that nobody touches and in which something is due.</summary>
public sealed class DueAccountQueries(RecordsDatabase database)
{
    // account_state_due is the index.
    private const string DueSql = """
        select account_id as account, next_due as due
        from account_state
        where next_due <= @Now and (next_due, account_id) > (@Due, @Account)
        order by next_due, account_id
        limit @Limit
        """;

    /// <summary>Accounts with an open hold whose expiry or deadline has passed, the longest overdue first.</summary>
    /// <param name="now">Passed before this.</param>
    /// <param name="after">The last one of the page before; the default value for the first page.</param>
    /// <param name="limit">Accounts at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<(Ulid Account, DateTimeOffset Due)>> ListAsync(
        DateTimeOffset now, (Ulid Account, DateTimeOffset Due) after, int limit, CancellationToken cancellation) =>
        database.ListAsync<(Ulid Account, DateTimeOffset Due)>(
            DueSql, new { Now = now, after.Account, Due = after.Due == default ? DateTimeOffset.UnixEpoch : after.Due, Limit = limit }, cancellation);
}
