using System.Data;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Processor.Records;

/// <summary>A column of texts as messages have them: they go to Postgres as the bytes that they are, no string is made.</summary>
internal sealed class TextColumn(ByteArena arena) : SqlMapper.ICustomQueryParameter
{
    private readonly List<ReadOnlyMemory<byte>?> values = [];

    void SqlMapper.ICustomQueryParameter.AddParameter(IDbCommand command, string name) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = values });

    /// <summary>Adds a text without its padding; null when it was absent.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        bytes = JournalValues.Trim(bytes);
        if (bytes.IsEmpty)
        {
            values.Add(null);
            return;
        }

        var copy = arena.Reserve(bytes.Length);
        JournalValues.Clean(bytes, copy.Span);
        values.Add(copy);
    }

    internal void Clear() => values.Clear();
}
