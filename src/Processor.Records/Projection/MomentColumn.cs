using System.Data;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Processor.Records;

/// <summary>A column of moments, some of which may be missing: Npgsql takes the type of such an array from its first value, so it is told.</summary>
internal sealed class MomentColumn : SqlMapper.ICustomQueryParameter
{
    private readonly List<DateTime?> values = [];

    public DateTime? this[int row]
    {
        set => values[row] = value;
    }

    void SqlMapper.ICustomQueryParameter.AddParameter(IDbCommand command, string name) =>
        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { Value = values });

    internal void Add(DateTime? moment) => values.Add(moment);

    internal void Clear() => values.Clear();
}
