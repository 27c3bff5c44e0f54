using Dapper;
using Npgsql;

namespace Processor.Records;

/// <summary>Rows of one table that a batch brings, kept as columns for <c>unnest</c>: its public properties are the statement's parameters.</summary>
internal abstract class ProjectedTable
{
    /// <summary>Rows at hand.</summary>
    internal abstract int Count { get; }

    private protected abstract string Sql { get; }

    /// <summary>Forgets the rows and keeps the room.</summary>
    internal abstract void Clear();

    /// <summary>Writes all rows in one statement.</summary>
    internal async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (Count > 0)
            await connection.ExecuteAsync(new CommandDefinition(Sql, this, transaction, cancellationToken: cancellation));
    }
}
