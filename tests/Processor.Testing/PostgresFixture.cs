using Xunit;

namespace Processor.Testing;

/// <summary>
/// A Postgres for the tests of a class (<c>IClassFixture&lt;PostgresFixture&gt;</c>) or a collection. All fixtures of a test
/// process share one server, which ends with its last user; each test takes a fresh database of it.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static LocalPostgres? shared;
    private static int users;

    private LocalPostgres? postgres;

    public LocalPostgres Server => postgres ?? throw new InvalidOperationException("The fixture has not started.");

    /// <summary>Makes a fresh database and gives the connection string to it.</summary>
    public Task<string> CreateDatabaseAsync(string? template = null) => Server.CreateDatabaseAsync(template);

    public async Task InitializeAsync()
    {
        await Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            postgres = shared ??= await LocalPostgres.StartAsync().ConfigureAwait(false);
            users++;
        }
        finally
        {
            Gate.Release();
        }
    }

    public async Task DisposeAsync()
    {
        await Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (postgres is null || --users > 0)
                return;
            shared = null;
            await postgres.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            Gate.Release();
        }
    }
}
