using Npgsql;
using NpgsqlTypes;

namespace Processor.Records;

/// <summary>Rows of one table that a batch brings and that no earlier batch can have brought, so they are copied in, which costs the
/// server least.</summary>
/// <typeparam name="TRow">A row; a struct, so that a batch of them is one array.</typeparam>
internal abstract class CopiedTable<TRow> : ProjectedTable
    where TRow : struct
{
    private readonly List<TRow> rows = [];
    private readonly byte[] text = new byte[64];

    internal override int Count => rows.Count;

    /// <summary>The statement: <c>copy … from stdin (format binary)</c>.</summary>
    private protected abstract string Sql { get; }

    internal override void Clear() => rows.Clear();

    internal override async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (rows.Count == 0)
            return;
        await using var writer = await connection.BeginBinaryImportAsync(Sql, cancellation);
        foreach (var row in rows)
        {
            await writer.StartRowAsync(cancellation);
            await WriteAsync(writer, row, cancellation);
        }

        await writer.CompleteAsync(cancellation);
    }

    private protected void Add(in TRow row) => rows.Add(row);

    private protected abstract Task WriteAsync(NpgsqlBinaryImporter writer, TRow row, CancellationToken cancellation);

    /// <summary>Writes a text of at most 64 bytes without its padding; null when it is absent.</summary>
    private protected Task WriteTextAsync(NpgsqlBinaryImporter writer, ReadOnlySpan<byte> bytes, CancellationToken cancellation)
    {
        bytes = JournalValues.Trim(bytes);
        if (bytes.IsEmpty)
            return writer.WriteNullAsync(cancellation);
        JournalValues.Clean(bytes, text);
        return writer.WriteAsync<ReadOnlyMemory<byte>>(text.AsMemory(0, bytes.Length), NpgsqlDbType.Text, cancellation);
    }
}
