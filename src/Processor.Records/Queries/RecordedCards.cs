using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Answers for PANs that the directory in Redis does not know.</summary>
public sealed class RecordedCards(RecordsDatabase database) : ICardRecords
{
    private const string ListSql = """
        select pan_hash as pan, id, account_id as account, program
        from card
        where pan_hash = any(@Pans)
        order by issued_at nulls last, id
        """;

    /// <inheritdoc/>
    /// <exception cref="Npgsql.NpgsqlException">Postgres cannot be asked.</exception>
    public async Task<IReadOnlyList<RecordedCard>> ListAsync(IReadOnlyCollection<PanHash> pans, CancellationToken cancellation)
    {
        var parameters = new { Pans = pans.Select(pan => new Ulid(pan.Value).ToGuid()).ToArray() };
        var rows = await database.ListAsync<(Guid Pan, Guid Id, Guid Account, int Program)>(ListSql, parameters, cancellation);
        return [.. rows.Select(row => new RecordedCard(new PanHash(Ulid.FromGuid(row.Pan).Value), Ulid.FromGuid(row.Id), Ulid.FromGuid(row.Account), row.Program))];
    }
}
