using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Answers for holds that Redis has let go, from their last images.</summary>
public sealed class History(RecordsDatabase database) : IHistory
{
    private const int CandidatesMax = 64;

    // An original without money is told with the other messages of its transaction, one of which may have it. The transaction stands in the
    // image, behind state(1) kind(1) class(1) traits(2) card(2) network(2); substring counts from 1. Its id begins with the time of its first message.
    private const string TransactionSql = """
        select key, created_at, image from hold
        where account_id = @AccountId and card = @Card and created_at >= @BeganAt and substring(image from 10 for 16) = @Transaction
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
        Ulid accountId, UInt128 key, OriginalQuery original, Ulid transaction, CancellationToken cancellation)
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
                Add(found, row);
        }

        if (Choose(rows, in original) is { } chosen)
        {
            Add(found, chosen);
            var hold = MemoryMarshal.Read<HoldRecord>(chosen.Image);
            if (!hold.IsHolding && hold.PostedDelta == 0)
                await AddTransactionAsync(found, accountId, hold.Card, hold.Transaction, cancellation);
        }

        if (transaction != Ulid.None)
            await AddTransactionAsync(found, accountId, original.Card, transaction, cancellation);
        return found;
    }

    private static void Add(List<KeyValuePair<UInt128, byte[]>> found, Row row)
    {
        if (!found.Exists(item => item.Key == row.Key.Value))
            found.Add(new(row.Key.Value, row.Image));
    }

    private async Task AddTransactionAsync(
        List<KeyValuePair<UInt128, byte[]>> found, Ulid accountId, ushort card, Ulid transaction, CancellationToken cancellation)
    {
        var parameters = new
        {
            AccountId = accountId,
            Card = (int)card,
            BeganAt = DateTimeOffset.FromUnixTimeMilliseconds(transaction.Milliseconds),
            Transaction = MemoryMarshal.AsBytes(new ReadOnlySpan<Ulid>(in transaction)).ToArray(),
            CandidatesMax,
        };
        foreach (var row in await database.ListAsync<Row>(TransactionSql, parameters, cancellation))
            Add(found, row);
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
