using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Transactions, from the first message of each.</summary>
internal sealed class TransactionTable(ByteArena arena) : UnnestedTable
{
    // A later event of the same transaction finds the row and leaves it as it is.
    private const string InsertSql = """
        insert into transaction (
            id, account_id, card_id, created_at, asked, acquirer, network, merchant_category, pos_entry_mode, kind, currency,
            billing_currency, terminal, merchant_id, merchant_name, merchant_city, merchant_country)
        select
            unnest(@Ids), unnest(@AccountIds), unnest(@CardIds), unnest(@CreatedAt), unnest(@Asked), unnest(@Acquirers),
            unnest(@Networks), unnest(@MerchantCategories), unnest(@PosEntryModes), unnest(@Kinds), unnest(@Currencies),
            unnest(@BillingCurrencies), unnest(@Terminals), unnest(@MerchantIds), unnest(@MerchantNames), unnest(@MerchantCities),
            unnest(@MerchantCountries)
        on conflict (id) do nothing
        """;

    private readonly HashSet<Ulid> known = [];

    public List<Guid> Ids { get; } = [];

    public List<Guid> AccountIds { get; } = [];

    public List<Guid?> CardIds { get; } = [];

    public List<DateTime> CreatedAt { get; } = [];

    public List<long> Asked { get; } = [];

    public List<long?> Acquirers { get; } = [];

    public List<int> Networks { get; } = [];

    public List<int> MerchantCategories { get; } = [];

    public List<int> PosEntryModes { get; } = [];

    public List<short> Kinds { get; } = [];

    public List<short> Currencies { get; } = [];

    public List<short> BillingCurrencies { get; } = [];

    public TextColumn Terminals { get; } = new(arena);

    public TextColumn MerchantIds { get; } = new(arena);

    public TextColumn MerchantNames { get; } = new(arena);

    public TextColumn MerchantCities { get; } = new(arena);

    public TextColumn MerchantCountries { get; } = new(arena);

    internal override int Count => Ids.Count;

    private protected override string Sql => InsertSql;

    internal void Add(Ulid accountId, in EventRecord record)
    {
        if (!known.Add(record.Transaction))
            return;
        Ids.Add(record.Transaction.ToGuid());
        AccountIds.Add(accountId.ToGuid());
        CardIds.Add(JournalValues.IdOrNull(record.CardId));
        CreatedAt.Add(JournalValues.Moment(record.At));
        Asked.Add(record.AskedTransaction);
        Acquirers.Add(record.Acquirer == 0 ? null : (long)record.Acquirer);
        Networks.Add(record.Network);
        MerchantCategories.Add(record.MerchantCategory);
        PosEntryModes.Add(record.PosEntryMode);
        Kinds.Add((short)record.Kind);
        Currencies.Add((short)record.TransactionCurrency);
        BillingCurrencies.Add((short)record.BillingCurrency);
        Terminals.Add(record.Terminal);
        MerchantIds.Add(record.CardAcceptor);

        // DE 43: name(25) city(13) country(2).
        ReadOnlySpan<byte> acceptor = record.CardAcceptorName;
        MerchantNames.Add(acceptor[..25]);
        MerchantCities.Add(acceptor[25..38]);
        MerchantCountries.Add(acceptor[38..]);
    }

    internal override void Clear()
    {
        known.Clear();
        Ids.Clear();
        AccountIds.Clear();
        CardIds.Clear();
        CreatedAt.Clear();
        Asked.Clear();
        Acquirers.Clear();
        Networks.Clear();
        MerchantCategories.Clear();
        PosEntryModes.Clear();
        Kinds.Clear();
        Currencies.Clear();
        BillingCurrencies.Clear();
        Terminals.Clear();
        MerchantIds.Clear();
        MerchantNames.Clear();
        MerchantCities.Clear();
        MerchantCountries.Clear();
    }
}
