using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Tests of ledgers, each on a Redis of its own that may be killed, and on a fresh database.</summary>
/// <param name="postgres">Where the databases are; others use it, too.</param>
public abstract class LedgerServers(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    /// <summary>The Redis.</summary>
    protected LocalRedis Redis { get; private set; } = null!;

    /// <summary>Npgsql's words for the database.</summary>
    protected string Database { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Redis = await LocalRedis.StartOwnAsync();
        Database = await postgres.CreateDatabaseAsync();
    }

    public async Task DisposeAsync() => await Redis.DisposeAsync();
}
