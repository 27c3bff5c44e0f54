using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Answers for holds that Redis has let go, from their last images.</summary>
public sealed class History(RecordsDatabase database) : IHistory
{
    private const int CandidatesMax = 64;

    // The request key itself, and for each way to name an original the latest that may be meant; which one is, the images tell.
    // Each way is a branch of its own, so that each is served by the index.
    private const string FindSql = """
        select key, created_at, image from hold where key = @Key and account_id = @AccountId
        union
        (select key, created_at, image from hold
        where @Stan <> 0 and account_id = @AccountId and stan = @Stan and (@Transmission = 0 or transmission = @Transmission)
            and card = @Card and network = @Network
        order by created_at desc limit @CandidatesMax)
        union
        (select key, created_at, image from hold
        where @Stan = 0 and @Transmission <> 0 and account_id = @AccountId and transmission = @Transmission
            and card = @Card and network = @Network
        order by created_at desc limit @CandidatesMax)
        union
        (select key, created_at, image from hold
        where @NetworkId <> 0 and account_id = @AccountId and network_id = @NetworkId and card = @Card and network = @Network
        order by created_at desc limit @CandidatesMax)
        union
        (select key, created_at, image from hold
        where account_id = @AccountId and retrieval_reference = @RetrievalReference and card = @Card and network = @Network
        order by created_at desc limit @CandidatesMax)
        """;

    /// <inheritdoc/>
    /// <exception cref="Npgsql.NpgsqlException">Postgres cannot be asked.</exception>
    public async ValueTask<IReadOnlyList<KeyValuePair<UInt128, byte[]>>> FindAsync(
        Ulid accountId, UInt128 key, OriginalQuery original, CancellationToken cancellation)
    {
        var parameters = new
        {
            Key = new Ulid(key),
            AccountId = accountId,
            Card = (int)original.Card,
            Network = (int)original.Network,
            Stan = (int)original.Stan,
            Transmission = (int)original.Transmission,
            NetworkId = (long)original.NetworkId,
            RetrievalReference = JournalValues.Text(original.RetrievalReference),
            CandidatesMax,
        };
        var rows = await database.ListAsync<Row>(FindSql, parameters, cancellation);
        var found = new List<KeyValuePair<UInt128, byte[]>>(2);
        foreach (var row in rows)
        {
            if (row.Key.Value == key)
                found.Add(new(key, row.Image));
        }

        if (Choose(rows, in original) is { } chosen && chosen.Key.Value != key)
            found.Add(new(chosen.Key.Value, chosen.Image));
        return found;
    }

    // The order of AccountAggregate.FindOriginal: by DE 90, else by the network's id, else by reference; of several the latest.
    private static Row? Choose(IReadOnlyList<Row> rows, in OriginalQuery original)
    {
        Row? byElements = null;
        Row? byNetworkId = null;
        Row? byReference = null;
        foreach (var row in rows)
        {
            if (row.Image.Length < Unsafe.SizeOf<HoldRecord>())
                continue;
            var hold = MemoryMarshal.Read<HoldRecord>(row.Image);
            if (original.MatchesElements(in hold))
                byElements = Later(byElements, row);
            if (original.MatchesNetworkId(in hold))
                byNetworkId = Later(byNetworkId, row);
            if (original.MatchesReference(in hold))
                byReference = Later(byReference, row);
        }

        return byElements ?? byNetworkId ?? byReference;
    }

    private static Row Later(Row? best, Row row) => best is null || row.CreatedAt >= best.CreatedAt ? row : best;

    private sealed record Row
    {
        public Ulid Key { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public required byte[] Image { get; init; }
    }
}
