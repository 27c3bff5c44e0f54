using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Balances as they are after a batch.</summary>
internal sealed class AccountBalanceTable : UnnestedTable
{
    private const string UpsertSql = """
        insert into account_balance (account_id, currency, posted, held, credit_limit)
        select unnest(@AccountIds), unnest(@Currencies), unnest(@Posted), unnest(@Held), unnest(@CreditLimits)
        on conflict (account_id, currency) do update set
            posted = excluded.posted, held = excluded.held, credit_limit = excluded.credit_limit
        """;

    private readonly Dictionary<(Ulid Account, ushort Currency), int> rows = [];

    public List<Guid> AccountIds { get; } = [];

    public List<short> Currencies { get; } = [];

    public List<long> Posted { get; } = [];

    public List<long> Held { get; } = [];

    public List<long> CreditLimits { get; } = [];

    internal override int Count => AccountIds.Count;

    private protected override string Sql => UpsertSql;

    internal void Put(Ulid accountId, in BalanceRecord record)
    {
        if (rows.TryGetValue((accountId, record.Currency), out var row))
        {
            Posted[row] = record.Posted;
            Held[row] = record.Held;
            CreditLimits[row] = record.CreditLimit;
            return;
        }

        rows.Add((accountId, record.Currency), AccountIds.Count);
        AccountIds.Add(accountId.ToGuid());
        Currencies.Add((short)record.Currency);
        Posted.Add(record.Posted);
        Held.Add(record.Held);
        CreditLimits.Add(record.CreditLimit);
    }

    internal override void Clear()
    {
        rows.Clear();
        AccountIds.Clear();
        Currencies.Clear();
        Posted.Clear();
        Held.Clear();
        CreditLimits.Clear();
    }
}
