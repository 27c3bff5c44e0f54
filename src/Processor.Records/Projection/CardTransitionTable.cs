using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>How cards went from state to state.</summary>
internal sealed class CardTransitionTable : UnnestedTable
{
    private const string InsertSql = """
        insert into card_transition (card_id, id, at, status)
        select * from unnest(@CardIds, @Ids, @At, @Statuses)
        """;

    public List<Guid> CardIds { get; } = [];

    public List<Guid> Ids { get; } = [];

    public List<DateTime> At { get; } = [];

    public List<short> Statuses { get; } = [];

    internal override int Count => Ids.Count;

    private protected override string Sql => InsertSql;

    internal void Add(Ulid id, in EventRecord record)
    {
        CardIds.Add(record.CardId.ToGuid());
        Ids.Add(id.ToGuid());
        At.Add(JournalValues.Moment(record.At));
        Statuses.Add((short)record.CardStatus);
    }

    internal override void Clear()
    {
        CardIds.Clear();
        Ids.Clear();
        At.Clear();
        Statuses.Clear();
    }
}
