using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Accounts as they are after a batch.</summary>
internal sealed class AccountStateTable : UnnestedTable
{
    private const string UpsertSql = """
        insert into account_state (account_id, version, decided_at, next_due, program, open_holds, status)
        select
            unnest(@AccountIds), unnest(@Versions), unnest(@DecidedAt), unnest(@NextDue), unnest(@Programs), unnest(@OpenHolds),
            unnest(@Statuses)
        on conflict (account_id) do update set
            version = excluded.version, decided_at = excluded.decided_at, next_due = excluded.next_due,
            open_holds = excluded.open_holds, status = excluded.status
        """;

    private readonly Dictionary<Ulid, int> rows = [];

    public List<Guid> AccountIds { get; } = [];

    public List<long> Versions { get; } = [];

    public List<DateTime> DecidedAt { get; } = [];

    public MomentColumn NextDue { get; } = new();

    public List<int> Programs { get; } = [];

    public List<int> OpenHolds { get; } = [];

    public List<short> Statuses { get; } = [];

    internal override int Count => AccountIds.Count;

    private protected override string Sql => UpsertSql;

    internal void Put(Ulid accountId, in AccountRecord record)
    {
        if (!rows.TryGetValue(accountId, out var row))
        {
            row = AccountIds.Count;
            rows.Add(accountId, row);
            AccountIds.Add(accountId.ToGuid());
            Versions.Add(0);
            DecidedAt.Add(default);
            NextDue.Add(null);
            Programs.Add(0);
            OpenHolds.Add(0);
            Statuses.Add(0);
        }

        Versions[row] = (long)record.Version;
        DecidedAt[row] = JournalValues.Moment(record.LastTime);
        NextDue[row] = JournalValues.MomentOrNull(record.NextDue);
        Programs[row] = record.Program;
        OpenHolds[row] = record.OpenHolds;
        Statuses[row] = (short)record.Status;
    }

    internal override void Clear()
    {
        rows.Clear();
        AccountIds.Clear();
        Versions.Clear();
        DecidedAt.Clear();
        NextDue.Clear();
        Programs.Clear();
        OpenHolds.Clear();
        Statuses.Clear();
    }
}
