using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Holds as they are after a batch; of several changes to one hold the last is written.</summary>
internal sealed class HoldStateTable(ByteArena arena) : UnnestedTable
{
    private const string UpsertSql = """
        insert into hold (
            key, account_id, created_at, expires_at, resolved_at, held, network_id, stan, transmission, network, card,
            billing_currency, state, retrieval_reference, image)
        select
            unnest(@Keys), unnest(@AccountIds), unnest(@CreatedAt), unnest(@ExpiresAt), unnest(@ResolvedAt), unnest(@Held),
            unnest(@NetworkIds), unnest(@Stans), unnest(@Transmissions), unnest(@Networks), unnest(@Cards),
            unnest(@BillingCurrencies), unnest(@States), unnest(@RetrievalReferences), unnest(@Images)
        order by 2, 1
        on conflict (account_id, key) do update set
            expires_at = excluded.expires_at, resolved_at = excluded.resolved_at, held = excluded.held, state = excluded.state,
            network_id = excluded.network_id, image = excluded.image
        """;

    private readonly Dictionary<(Ulid Account, UInt128 Key), int> rows = [];

    public List<Guid> Keys { get; } = [];

    public List<Guid> AccountIds { get; } = [];

    public List<DateTime> CreatedAt { get; } = [];

    public MomentColumn ExpiresAt { get; } = new();

    public MomentColumn ResolvedAt { get; } = new();

    public List<long> Held { get; } = [];

    public List<long> NetworkIds { get; } = [];

    public List<int> Stans { get; } = [];

    public List<int> Transmissions { get; } = [];

    public List<int> Networks { get; } = [];

    public List<int> Cards { get; } = [];

    public List<short> BillingCurrencies { get; } = [];

    public List<short> States { get; } = [];

    public TextColumn RetrievalReferences { get; } = new(arena);

    public BinaryColumn Images { get; } = new(arena);

    internal override int Count => Keys.Count;

    private protected override string Sql => UpsertSql;

    internal void Put(Ulid accountId, UInt128 key, in HoldRecord record, ReadOnlySpan<byte> image)
    {
        if (rows.TryGetValue((accountId, key), out var row))
        {
            ExpiresAt[row] = JournalValues.MomentOrNull(record.ExpiresAt);
            ResolvedAt[row] = JournalValues.MomentOrNull(record.ResolvedAt);
            Held[row] = record.Held;
            NetworkIds[row] = (long)record.NetworkId;
            States[row] = (short)record.State;
            Images.Set(row, image);
            return;
        }

        rows.Add((accountId, key), Keys.Count);
        Keys.Add(JournalValues.Key(key));
        AccountIds.Add(accountId.ToGuid());
        CreatedAt.Add(JournalValues.Moment(record.CreatedAt));
        ExpiresAt.Add(JournalValues.MomentOrNull(record.ExpiresAt));
        ResolvedAt.Add(JournalValues.MomentOrNull(record.ResolvedAt));
        Held.Add(record.Held);
        NetworkIds.Add((long)record.NetworkId);
        Stans.Add((int)record.Stan);
        Transmissions.Add((int)record.Transmission);
        Networks.Add(record.Network);
        Cards.Add(record.Card);
        BillingCurrencies.Add((short)record.BillingCurrency);
        States.Add((short)record.State);
        RetrievalReferences.Add(record.RetrievalReference);
        Images.Add(image);
    }

    internal override void Clear()
    {
        rows.Clear();
        Keys.Clear();
        AccountIds.Clear();
        CreatedAt.Clear();
        ExpiresAt.Clear();
        ResolvedAt.Clear();
        Held.Clear();
        NetworkIds.Clear();
        Stans.Clear();
        Transmissions.Clear();
        Networks.Clear();
        Cards.Clear();
        BillingCurrencies.Clear();
        States.Clear();
        RetrievalReferences.Clear();
        Images.Clear();
    }
}
