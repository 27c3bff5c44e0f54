using System.Data;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Processor.Records;

/// <summary>A column of <c>bytea</c> whose values stand in an arena.</summary>
internal sealed class BinaryColumn(ByteArena arena) : SqlMapper.ICustomQueryParameter
{
    private readonly List<ReadOnlyMemory<byte>> values = [];

    void SqlMapper.ICustomQueryParameter.AddParameter(IDbCommand command, string name) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.Bytea) { Value = values });

    internal void Add(ReadOnlySpan<byte> bytes) => values.Add(arena.Copy(bytes));

    /// <summary>Replaces a value.</summary>
    internal void Set(int row, ReadOnlySpan<byte> bytes) => values[row] = arena.Copy(bytes);

    internal void Clear() => values.Clear();
}
