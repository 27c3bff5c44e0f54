using Xunit;

namespace Processor.Testing;

/// <summary>
/// A Redis for the tests of a class (<c>IClassFixture&lt;RedisFixture&gt;</c>) or a collection. It starts in a few tens of
/// milliseconds, so each fixture has a server of its own and classes run side by side.
/// </summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private LocalRedis? redis;

    public LocalRedis Server => redis ?? throw new InvalidOperationException("The fixture has not started.");

    public string ConnectionString => Server.ConnectionString;

    public async Task InitializeAsync() => redis = await LocalRedis.StartAsync().ConfigureAwait(false);

    public async Task DisposeAsync()
    {
        if (redis is not null)
            await redis.DisposeAsync().ConfigureAwait(false);
    }
}
