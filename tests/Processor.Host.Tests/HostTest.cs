using Processor.Testing;
using Xunit;

namespace Processor.Host.Tests;

/// <summary>A test of whole hosts: a database and an empty Redis for each, and a folder for their files.</summary>
public abstract class HostTest(PostgresFixture postgres, RedisFixture redis) : IClassFixture<PostgresFixture>, IClassFixture<RedisFixture>, IAsyncLifetime
{
    /// <summary>Where its hosts keep their files.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("processor-host-").FullName;

    /// <summary>How its database is reached.</summary>
    protected string Database { get; private protected set; } = "";

    /// <summary>Its Redis.</summary>
    protected RedisFixture Redis { get; } = redis;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Database = await postgres.CreateDatabaseAsync();
        await Redis.Server.FlushAsync();
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Starts a host on them.</summary>
    private protected Task<RunningHost> StartAsync(params (string Key, string Value)[] more) =>
        RunningHost.StartAsync(Redis.ConnectionString, Database, Folder, more);
}
