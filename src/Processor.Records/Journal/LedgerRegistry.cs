using Dapper;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>The ledger's registry in Postgres: its partitions with their epochs, and the writers' numbers.</summary>
public sealed class LedgerRegistry(RecordsDatabase database) : ILedgerRegistry
{
    // The first host makes the row; each one that joins takes the next number. The row's lock lets hosts join one after another.
    private const string JoinSql = """
        insert into ledger as known (partitions, writer) values (@Partitions, 1)
        on conflict (is_only) do update set writer = known.writer + 1
        returning writer, partitions
        """;

    private const string PartitionsSql = """
        insert into ledger_partition (partition)
        select generate_series(0, @Partitions - 1)
        on conflict (partition) do nothing
        """;

    private const string JournalPositionsSql = """
        insert into journal_position (partition)
        select generate_series(0, @Partitions - 1)
        on conflict (partition) do nothing
        """;

    private const string ProjectorPositionsSql = """
        insert into projector_position (partition)
        select generate_series(0, @Partitions - 1)
        on conflict (partition) do nothing
        """;

    private const string StateSql = "select epoch, is_started from ledger_partition order by partition";

    private const string StartedSql = "update ledger_partition set is_started = true where partition = @partition";

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 1 or more than 1,024 partitions.</exception>
    /// <exception cref="Npgsql.NpgsqlException">Postgres did not answer, or all 2^24 − 1 numbers were given.</exception>
    public async Task<LedgerMembership> JoinAsync(int partitions, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions, 1024);
        await using var connection = await database.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        CommandDefinition Command(string sql, object? parameters = null) => new(sql, parameters, transaction, cancellationToken: cancellation);

        var (writer, known) = await connection.QuerySingleAsync<(int Writer, short Partitions)>(Command(JoinSql, new { Partitions = (short)partitions }));
        foreach (var sql in (string[])[PartitionsSql, JournalPositionsSql, ProjectorPositionsSql])
            await connection.ExecuteAsync(Command(sql, new { Partitions = (int)known }));
        var state = await connection.QueryAsync<(long Epoch, bool IsStarted)>(Command(StateSql));
        await transaction.CommitAsync(cancellation);
        return new LedgerMembership(writer, [.. state.Select(row => new PartitionRegistration(row.Epoch, row.IsStarted))]);
    }

    /// <inheritdoc/>
    public Task MarkStartedAsync(int partition, CancellationToken cancellation) =>
        database.ExecuteAsync(StartedSql, new { partition }, cancellation);
}
