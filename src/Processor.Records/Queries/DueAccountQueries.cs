using Processor.Cards;

namespace Processor.Records;

/// <summary>Accounts that nobody touches and in which something is due.</summary>
public sealed class DueAccountQueries(RecordsDatabase database)
{
    // account_state_due is the index.
    private const string DueSql = """
        select account_id
        from account_state
        where next_due <= @now
        order by next_due
        limit @limit
        """;

    /// <summary>Accounts with an open hold whose expiry or deadline has passed, the longest overdue first.</summary>
    public Task<IReadOnlyList<Ulid>> ListAsync(DateTimeOffset now, int limit, CancellationToken cancellation) =>
        database.ListAsync<Ulid>(DueSql, new { now, limit }, cancellation);
}
