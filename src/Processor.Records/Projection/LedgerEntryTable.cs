using Npgsql;
using NpgsqlTypes;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Double entry: what an event posts to an account, and the opposite on the other side.</summary>
internal sealed class LedgerEntryTable : CopiedTable<LedgerEntryTable.Row>
{
    private protected override string Sql => "copy ledger_entry (account_id, event_id, at, amount, currency, kind) from stdin (format binary)";

    /// <summary>Adds both rows of an event that posts. A hold is no posting.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="program">Number of the program that owns it.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="record">What it says; its posted delta is not the smallest number, which has no opposite.</param>
    internal void Add(Ulid accountId, int program, Ulid eventId, in EventRecord record)
    {
        var counter = record.Network == 0 ? CounterAccount.ProgramFunds(program) : CounterAccount.NetworkSettlement(record.Network);
        Add(new Row(accountId, eventId, record.At, record.PostedDelta, record.BillingCurrency, record.Type));
        Add(new Row(counter, eventId, record.At, -record.PostedDelta, record.BillingCurrency, record.Type));
    }

    private protected override async Task WriteAsync(NpgsqlBinaryImporter writer, Row row, CancellationToken cancellation)
    {
        await writer.WriteAsync(row.AccountId.ToGuid(), NpgsqlDbType.Uuid, cancellation);
        await writer.WriteAsync(row.EventId.ToGuid(), NpgsqlDbType.Uuid, cancellation);
        await writer.WriteAsync(JournalValues.Moment(row.At), NpgsqlDbType.TimestampTz, cancellation);
        await writer.WriteAsync(row.Amount, NpgsqlDbType.Bigint, cancellation);
        await writer.WriteAsync((short)row.Currency, NpgsqlDbType.Smallint, cancellation);
        await writer.WriteAsync((short)row.Kind, NpgsqlDbType.Smallint, cancellation);
    }

    /// <summary>One side of a posting. Unix milliseconds; minor units, a credit is positive; ISO 4217 numeric.</summary>
    internal readonly record struct Row(Ulid AccountId, Ulid EventId, long At, long Amount, ushort Currency, EventType Kind);
}
