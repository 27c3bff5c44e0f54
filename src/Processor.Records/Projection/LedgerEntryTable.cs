using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Double entry: what an event posts to an account, and the opposite on the other side.</summary>
internal sealed class LedgerEntryTable : ProjectedTable
{
    private const string InsertSql = """
        insert into ledger_entry (account_id, event_id, at, amount, currency, kind)
        select * from unnest(@AccountIds, @EventIds, @At, @Amounts, @Currencies, @Kinds)
        """;

    public List<Guid> AccountIds { get; } = [];

    public List<Guid> EventIds { get; } = [];

    public List<DateTime> At { get; } = [];

    public List<long> Amounts { get; } = [];

    public List<short> Currencies { get; } = [];

    public List<short> Kinds { get; } = [];

    internal override int Count => AccountIds.Count;

    private protected override string Sql => InsertSql;

    /// <summary>Adds both rows of an event that posts. A hold is no posting.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="program">Number of the program that owns it.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="record">What it says; its posted delta is not the smallest number, which has no opposite.</param>
    internal void Add(Ulid accountId, int program, Ulid eventId, in EventRecord record)
    {
        var counter = record.Network == 0 ? CounterAccount.ProgramFunds(program) : CounterAccount.NetworkSettlement(record.Network);
        AddRow(accountId, eventId, in record, record.PostedDelta);
        AddRow(counter, eventId, in record, -record.PostedDelta);
    }

    internal override void Clear()
    {
        AccountIds.Clear();
        EventIds.Clear();
        At.Clear();
        Amounts.Clear();
        Currencies.Clear();
        Kinds.Clear();
    }

    private void AddRow(Ulid accountId, Ulid eventId, in EventRecord record, long amount)
    {
        AccountIds.Add(accountId.ToGuid());
        EventIds.Add(eventId.ToGuid());
        At.Add(JournalValues.Moment(record.At));
        Amounts.Add(amount);
        Currencies.Add((short)record.BillingCurrency);
        Kinds.Add((short)record.Type);
    }
}
