using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Answers for holds that Redis has let go, from their last images.</summary>
public sealed class History(RecordsDatabase database) : IHistory
{
    private const int CandidatesMax = 64;

    // An original whose money has moved on to an advice is told with that advice. Its transaction stands in the image, behind
    // state(1) kind(1) class(1) traits(2) card(2) network(2); substring counts from 1.
    private const string MovedSql = """
        select key, created_at, image from hold
        where account_id = @AccountId and card = @Card and created_at >= @CreatedAt and substring(image from 10 for 16) = @Transaction
        order by created_at desc limit @CandidatesMax
        """;

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

        if (Choose(rows, in original) is not { } chosen)
            return found;
        if (chosen.Key.Value != key)
            found.Add(new(chosen.Key.Value, chosen.Image));
        var hold = MemoryMarshal.Read<HoldRecord>(chosen.Image);
        if (hold.IsHolding || hold.PostedDelta != 0)
            return found;
        foreach (var row in await ListMovedAsync(accountId, chosen, hold, cancellation))
        {
            if (row.Key.Value != key && row.Key != chosen.Key)
                found.Add(new(row.Key.Value, row.Image));
        }

        return found;
    }

    private async Task<IReadOnlyList<Row>> ListMovedAsync(Ulid accountId, Row original, HoldRecord hold, CancellationToken cancellation)
    {
        var parameters = new
        {
            AccountId = accountId,
            Card = (int)hold.Card,
            original.CreatedAt,
            Transaction = MemoryMarshal.AsBytes(new ReadOnlySpan<Ulid>(in hold.Transaction)).ToArray(),
            CandidatesMax,
        };
        return await database.ListAsync<Row>(MovedSql, parameters, cancellation);
    }

    // The order of AccountAggregate.FindOriginal: by DE 90, else by the network's id, else by reference.
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
                byNetworkId = Rather(byNetworkId, row);
            if (original.MatchesReference(in hold))
                byReference = Rather(byReference, row);
        }

        return byElements ?? byNetworkId ?? byReference;
    }

    private static Row Later(Row? best, Row row) =>
        best is null || (row.CreatedAt, row.Key.Value).CompareTo((best.CreatedAt, best.Key.Value)) > 0 ? row : best;

    private static Row Rather(Row? best, Row row)
    {
        var precedence = best is null ? 1 : PrecedenceOf(row).CompareTo(PrecedenceOf(best));
        return precedence == 0 ? Later(best, row) : precedence > 0 ? row : best!;
    }

    private static int PrecedenceOf(Row row) => OriginalQuery.Precedence(MemoryMarshal.Read<HoldRecord>(row.Image));

    private sealed record Row
    {
        public Ulid Key { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public required byte[] Image { get; init; }
    }
}
