using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>What is to be told to others.</summary>
internal sealed class OutboxTable : ProjectedTable
{
    private const string InsertSql = """
        insert into outbox (event_id, account_id, card_id, transaction_id, at, type, reason)
        select * from unnest(@EventIds, @AccountIds, @CardIds, @TransactionIds, @At, @Types, @Reasons)
        """;

    public List<Guid> EventIds { get; } = [];

    public List<Guid> AccountIds { get; } = [];

    public List<Guid?> CardIds { get; } = [];

    public List<Guid?> TransactionIds { get; } = [];

    public List<DateTime> At { get; } = [];

    public List<short> Types { get; } = [];

    public List<short> Reasons { get; } = [];

    internal override int Count => EventIds.Count;

    private protected override string Sql => InsertSql;

    internal void Add(Ulid eventId, Ulid accountId, in EventRecord record)
    {
        EventIds.Add(eventId.ToGuid());
        AccountIds.Add(accountId.ToGuid());
        CardIds.Add(JournalValues.IdOrNull(record.CardId));
        TransactionIds.Add(JournalValues.IdOrNull(record.Transaction));
        At.Add(JournalValues.Moment(record.At));
        Types.Add((short)record.Type);
        Reasons.Add((short)record.Reason);
    }

    internal override void Clear()
    {
        EventIds.Clear();
        AccountIds.Clear();
        CardIds.Clear();
        TransactionIds.Clear();
        At.Clear();
        Types.Clear();
        Reasons.Clear();
    }
}
