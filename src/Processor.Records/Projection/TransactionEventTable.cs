using Npgsql;
using NpgsqlTypes;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Everything that happened to transactions.</summary>
internal sealed class TransactionEventTable : CopiedTable<TransactionEventTable.Row>
{
    private protected override string Sql => """
        copy transaction_event (
            transaction_id, id, at, amount, billing_amount, held_delta, posted_delta, posted_after, held_after, available_after,
            stan, mti, type, kind, traits, reason, checks, expires_at, retrieval_reference, approval_code)
        from stdin (format binary)
        """;

    internal void Add(Ulid id, in EventRecord record) => Add(new Row(id, in record));

    private protected override async Task WriteAsync(NpgsqlBinaryImporter writer, Row row, CancellationToken cancellation)
    {
        await writer.WriteAsync(row.Event.Transaction.ToGuid(), NpgsqlDbType.Uuid, cancellation);
        await writer.WriteAsync(row.Id.ToGuid(), NpgsqlDbType.Uuid, cancellation);
        await writer.WriteAsync(JournalValues.Moment(row.Event.At), NpgsqlDbType.TimestampTz, cancellation);
        await writer.WriteAsync(row.Event.TransactionAmount, NpgsqlDbType.Bigint, cancellation);
        await writer.WriteAsync(row.Event.BillingAmount, NpgsqlDbType.Bigint, cancellation);
        await writer.WriteAsync(row.Event.HeldDelta, NpgsqlDbType.Bigint, cancellation);
        await writer.WriteAsync(row.Event.PostedDelta, NpgsqlDbType.Bigint, cancellation);
        await writer.WriteAsync(row.Event.PostedAfter, NpgsqlDbType.Bigint, cancellation);
        await writer.WriteAsync(row.Event.HeldAfter, NpgsqlDbType.Bigint, cancellation);
        await writer.WriteAsync(row.Event.AvailableAfter, NpgsqlDbType.Bigint, cancellation);
        await writer.WriteAsync((int)row.Event.Stan, NpgsqlDbType.Integer, cancellation);
        await writer.WriteAsync((short)row.Event.Mti, NpgsqlDbType.Smallint, cancellation);
        await writer.WriteAsync((short)row.Event.Type, NpgsqlDbType.Smallint, cancellation);
        await writer.WriteAsync((short)row.Event.Kind, NpgsqlDbType.Smallint, cancellation);
        await writer.WriteAsync((short)row.Event.Traits, NpgsqlDbType.Smallint, cancellation);
        await writer.WriteAsync((short)row.Event.Reason, NpgsqlDbType.Smallint, cancellation);
        await writer.WriteAsync((int)row.Event.Checks.Packed, NpgsqlDbType.Integer, cancellation);
        if (JournalValues.MomentOrNull(row.Event.ExpiresAt) is { } expiry)
            await writer.WriteAsync(expiry, NpgsqlDbType.TimestampTz, cancellation);
        else
            await writer.WriteNullAsync(cancellation);
        await WriteReferenceAsync(writer, in row.Event, cancellation);
        await WriteApprovalAsync(writer, in row.Event, cancellation);
    }

    private Task WriteReferenceAsync(NpgsqlBinaryImporter writer, in EventRecord record, CancellationToken cancellation) =>
        WriteTextAsync(writer, record.RetrievalReference, cancellation);

    private Task WriteApprovalAsync(NpgsqlBinaryImporter writer, in EventRecord record, CancellationToken cancellation) =>
        WriteTextAsync(writer, record.ApprovalCode, cancellation);

    /// <summary>One event.</summary>
    internal struct Row(Ulid id, in EventRecord record)
    {
        internal readonly Ulid Id = id;

        internal EventRecord Event = record;
    }
}
