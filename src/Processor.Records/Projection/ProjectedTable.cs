using Npgsql;

namespace Processor.Records;

/// <summary>Rows of one table that a batch brings.</summary>
internal abstract class ProjectedTable
{
    /// <summary>Rows at hand.</summary>
    internal abstract int Count { get; }

    /// <summary>Forgets the rows and keeps the room.</summary>
    internal abstract void Clear();

    /// <summary>Writes all rows in one statement.</summary>
    internal abstract Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation);
}
