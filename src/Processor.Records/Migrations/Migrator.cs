using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Processor.Records;

/// <summary>Brings the schema up to this version. Hosts that start at once wait for each other.</summary>
public sealed class Migrator(RecordsDatabase database, ILogger<Migrator> log)
{
    // Any number that no other user of the database takes.
    private const long LockNumber = 0x50524F43_4D494752;

    private const string LockSql = "select pg_advisory_lock(@LockNumber)";

    private const string UnlockSql = "select pg_advisory_unlock(@LockNumber)";

    private const string TableSql = """
        create table if not exists schema_migration (
            number integer primary key,
            name text not null,
            checksum text not null,
            applied_at timestamptz not null default now()
        )
        """;

    private const string AppliedSql = "select number, checksum from schema_migration";

    private const string InsertSql = "insert into schema_migration (number, name, checksum) values (@Number, @Name, @Checksum)";

    /// <summary>Applies what is missing, each migration in its own transaction. Doing it again changes nothing.</summary>
    /// <returns>How many were applied.</returns>
    /// <exception cref="MigrationException">A migration that landed was edited, or the database is of a later version.</exception>
    public Task<int> ApplyAsync(CancellationToken cancellation) => ApplyAsync(Migration.All(), cancellation);

    internal async Task<int> ApplyAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        await ExecuteAsync(connection, LockSql, new { LockNumber }, transaction: null, cancellation);
        try
        {
            await ExecuteAsync(connection, TableSql, parameters: null, transaction: null, cancellation);
            var applied = (await connection.QueryAsync<(int Number, string Checksum)>(new CommandDefinition(AppliedSql, cancellationToken: cancellation)))
                .ToDictionary(row => row.Number, row => row.Checksum);
            Check(migrations, applied);
            var missing = migrations.Where(migration => !applied.ContainsKey(migration.Number)).ToList();
            foreach (var migration in missing)
                await ApplyAsync(connection, migration, cancellation);
            return missing.Count;
        }
        finally
        {
            await ExecuteAsync(connection, UnlockSql, new { LockNumber }, transaction: null, CancellationToken.None);
        }
    }

    private static void Check(IReadOnlyList<Migration> migrations, Dictionary<int, string> applied)
    {
        foreach (var migration in migrations)
        {
            if (applied.TryGetValue(migration.Number, out var checksum) && checksum != migration.Checksum)
                throw new MigrationException($"Migration {migration.Number} ({migration.Name}) was edited after it was applied to this database.");
        }

        var last = applied.Count == 0 ? 0 : applied.Keys.Max();
        if (last > migrations.Count)
            throw new MigrationException($"The database has migration {last}, this version knows {migrations.Count}: it is too old for this database.");
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, migration.Sql, parameters: null, transaction, cancellation);
        await ExecuteAsync(connection, InsertSql, migration, transaction, cancellation);
        await transaction.CommitAsync(cancellation);
        RecordsLog.Migrated(log, migration.Number, migration.Name);
    }

    // A wait for another host's migrations has no bound but the caller's.
    private static Task<int> ExecuteAsync(
        NpgsqlConnection connection, string sql, object? parameters, NpgsqlTransaction? transaction, CancellationToken cancellation) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellation));
}
