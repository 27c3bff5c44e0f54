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

    private StreamsInMemory Streams { get; } = new(partitions: 1);

    internal RecordsMetrics Metrics { get; } = new(new TestClock());

    /// <summary>Makes a database that has no table yet.</summary>
    internal static async Task<Records> CreateEmptyAsync(PostgresFixture postgres) => new(await postgres.CreateDatabaseAsync());

    /// <summary>Makes a database with the schema.</summary>
    internal static async Task<Records> CreateAsync(PostgresFixture postgres) => await CreateAsync(await postgres.CreateDatabaseAsync());

    /// <summary>Puts the schema into a database.</summary>
    internal static async Task<Records> CreateAsync(string connectionString)
    {
        var records = new Records(connectionString);
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

    /// <summary>Records and projects one entry of partition 0.</summary>
    internal async Task ProjectAsync(byte[] payload)
    {
        var clock = new TestClock();
        await new LedgerRegistry(Database).JoinAsync(1, CancellationToken.None);
        Streams.Add(0, payload);
        using var recorder = new JournalRecorder(Streams, Database, Settings, Metrics, clock, NullLogger<JournalRecorder>.Instance);
        await recorder.StepAsync(0, CancellationToken.None);
        using var projector = new Projector(Streams, Database, Settings, Metrics, clock, NullLogger<Projector>.Instance);
        await projector.BeginRoundAsync(CancellationToken.None);
        await projector.StepAsync(0, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Metrics.Dispose();
        await Database.DisposeAsync();
    }
}
