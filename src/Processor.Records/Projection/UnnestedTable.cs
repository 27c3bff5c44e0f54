using Dapper;
using Npgsql;

namespace Processor.Records;

/// <summary>Rows of one table that may be there already, kept as columns for <c>unnest</c>: its public properties are the statement's parameters.</summary>
/// <remarks>The columns are unnested one beside the other in the select list, which walks through all of them at once. As one function in
/// the from clause each would first be copied into a table of its own.</remarks>
internal abstract class UnnestedTable : ProjectedTable
{
    private protected abstract string Sql { get; }

    internal override async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        if (Count > 0)
            await connection.ExecuteAsync(new CommandDefinition(Sql, this, transaction, cancellationToken: cancellation));
    }
}
