using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Cards as they are after a batch.</summary>
internal sealed class CardStateTable : UnnestedTable
{
    // The façade notes a change as soon as it is committed; a projection that is still behind does not take it back.
    internal const string UpsertSql = """
        insert into card_state (
            card_id, account_id, ordinal, options, product, revision, expiry, sequence_number, pin_tries, status, script_number,
            script_result_number, script_result)
        select
            unnest(@CardIds), unnest(@AccountIds), unnest(@Ordinals), unnest(@Options), unnest(@Products), unnest(@Revisions),
            unnest(@Expiries), unnest(@SequenceNumbers), unnest(@PinTries), unnest(@Statuses),
            unnest(@ScriptNumbers), unnest(@ScriptResultNumbers), unnest(@ScriptResults)
        on conflict (card_id) do update set
            options = excluded.options, product = excluded.product, revision = excluded.revision,
            expiry = excluded.expiry, sequence_number = excluded.sequence_number, pin_tries = excluded.pin_tries, status = excluded.status,
            script_number = excluded.script_number, script_result_number = excluded.script_result_number, script_result = excluded.script_result
        where card_state.revision <= excluded.revision
        """;

    private readonly Dictionary<Ulid, int> rows = [];

    public List<Guid> CardIds { get; } = [];

    public List<Guid> AccountIds { get; } = [];

    public List<int> Ordinals { get; } = [];

    public List<int> Options { get; } = [];

    public List<int> Products { get; } = [];

    public List<int> Revisions { get; } = [];

    public List<short> Expiries { get; } = [];

    public List<short> SequenceNumbers { get; } = [];

    public List<short> PinTries { get; } = [];

    public List<short> Statuses { get; } = [];

    public List<int> ScriptNumbers { get; } = [];

    public List<int> ScriptResultNumbers { get; } = [];

    public List<short> ScriptResults { get; } = [];

    internal override int Count => CardIds.Count;

    private protected override string Sql => UpsertSql;

    internal void Put(Ulid accountId, in CardRecord record)
    {
        if (!rows.TryGetValue(record.CardId, out var row))
        {
            row = CardIds.Count;
            rows.Add(record.CardId, row);
            CardIds.Add(record.CardId.ToGuid());
            AccountIds.Add(accountId.ToGuid());
            Ordinals.Add(record.Ordinal);
            Options.Add(0);
            Products.Add(0);
            Revisions.Add(0);
            Expiries.Add(0);
            SequenceNumbers.Add(0);
            PinTries.Add(0);
            Statuses.Add(0);
            ScriptNumbers.Add(0);
            ScriptResultNumbers.Add(0);
            ScriptResults.Add(0);
        }

        Options[row] = (int)record.Options;
        Products[row] = record.Product;
        Revisions[row] = record.Revision;
        Expiries[row] = (short)record.Expiry;
        SequenceNumbers[row] = record.SequenceNumber;
        PinTries[row] = record.PinTries;
        Statuses[row] = (short)record.Status;
        ScriptNumbers[row] = record.ScriptNumber;
        ScriptResultNumbers[row] = record.ScriptResultNumber;
        ScriptResults[row] = record.ScriptResult;
    }

    internal override void Clear()
    {
        rows.Clear();
        CardIds.Clear();
        AccountIds.Clear();
        Ordinals.Clear();
        Options.Clear();
        Products.Clear();
        Revisions.Clear();
        Expiries.Clear();
        SequenceNumbers.Clear();
        PinTries.Clear();
        Statuses.Clear();
        ScriptNumbers.Clear();
        ScriptResultNumbers.Clear();
        ScriptResults.Clear();
    }
}
