using Processor.Cards;

namespace Processor.Records;

/// <summary>States of cards as the projector sees them.</summary>
public sealed class CardStateQueries(RecordsDatabase database)
{
    private const string ListSql = "select card_id, account_id, ordinal, status, revision from card_state where card_id = any(@ids)";

    private const string TransitionsSql = """
        select id, card_id, lag(status) over (order by id) as from, status as to, at
        from card_transition
        where card_id = @cardId
        order by id desc
        limit @limit
        """;

    /// <summary>The states of some cards; those of which nothing was projected are left out.</summary>
    public Task<IReadOnlyList<CardState>> ListAsync(IEnumerable<Ulid> cardIds, CancellationToken cancellation) =>
        database.ListAsync<CardState>(ListSql, new { ids = cardIds.Select(id => id.ToGuid()).ToArray() }, cancellation);

    /// <summary>How a card came to its state, latest move first.</summary>
    public Task<IReadOnlyList<CardTransition>> ListTransitionsAsync(Ulid cardId, int limit, CancellationToken cancellation) =>
        database.ListAsync<CardTransition>(TransitionsSql, new { cardId, limit }, cancellation);
}
