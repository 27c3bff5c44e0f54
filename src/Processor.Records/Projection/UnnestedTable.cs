using Dapper;
using Npgsql;

namespace Processor.Records;

/// <summary>Rows of one table that may be there already, kept as columns for <c>unnest</c>: its public properties are the statement's parameters.</summary>
internal abstract class UnnestedTable : ProjectedTable
{
    private protected abstract string Sql { get; }

    internal override async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (Count > 0)
            await connection.ExecuteAsync(new CommandDefinition(Sql, this, transaction, cancellationToken: cancellation));
    }
}
