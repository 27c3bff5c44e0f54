using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Testing;

namespace Processor.Records.Tests;

/// <summary>A fresh database with the schema in it, and what a test asks of it directly.</summary>
internal sealed class Records : IAsyncDisposable
{
    private Records(string connectionString)
    {
        Settings = new RecordsSettings { Postgres = connectionString, LockInterval = TimeSpan.Zero, DrainedInterval = TimeSpan.Zero };
        Database = new RecordsDatabase(Settings);
    }

    internal RecordsSettings Settings { get; }

    internal RecordsDatabase Database { get; }

    /// <summary>Makes a database that has no table yet.</summary>
    internal static async Task<Records> CreateEmptyAsync(PostgresFixture postgres) => new(await postgres.CreateDatabaseAsync());

    /// <summary>Makes a database with the schema.</summary>
    internal static async Task<Records> CreateAsync(PostgresFixture postgres)
    {
        var records = await CreateEmptyAsync(postgres);
        await records.MigrateAsync();
        return records;
    }

    internal Task<int> MigrateAsync() => new Migrator(Database, NullLogger<Migrator>.Instance).ApplyAsync(CancellationToken.None);

    internal async Task<T> AskAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenAsync(CancellationToken.None);
        return (await connection.QuerySingleAsync<T>(sql, parameters))!;
    }

    internal async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenAsync(CancellationToken.None);
        return (await connection.QueryAsync<T>(sql, parameters)).AsList();
    }

    internal async Task DoAsync(string sql, object? parameters = null)
    {
        await using var connection = await Database.OpenAsync(CancellationToken.None);
        await connection.ExecuteAsync(sql, parameters);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
    }
}
