using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Tests of ledgers on a Redis and a Postgres of their own, either of which may be killed.</summary>
public abstract class LedgerServers : IAsyncLifetime
{
    /// <summary>The Redis.</summary>
    protected LocalRedis Redis { get; private set; } = null!;

    /// <summary>The Postgres.</summary>
    protected LocalPostgres Postgres { get; private set; } = null!;

    /// <summary>Npgsql's words for a fresh database of it, which gives up connecting soon.</summary>
    protected string Database { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Redis = await LocalRedis.StartOwnAsync();
        Postgres = await LocalPostgres.StartOwnAsync();
        Database = await Postgres.CreateDatabaseAsync() + ";Timeout=5";
    }

    public async Task DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
