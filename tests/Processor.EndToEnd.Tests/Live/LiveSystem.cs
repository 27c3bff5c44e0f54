using Npgsql;
using Processor.Security;
using Processor.Testing;
using StackExchange.Redis;

namespace Processor.EndToEnd.Tests;

/// <summary>A host process with a Redis, or a Cluster, and a Postgres of its own, each of which may be killed.</summary>
internal sealed class LiveSystem : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Streams that still hold something, and partitions that are recorded further than they are projected.
    private const string LagSql = """
        select count(*)
        from journal_position as recorded
        left join projector_position as projected using (partition)
        where (recorded.epoch, recorded.seq) is distinct from (projected.epoch, projected.seq)
        """;

    private LiveSystem(RedisPlace place, LocalPostgres postgres)
    {
        Place = place;
        Postgres = postgres;
    }

    /// <summary>Where its ledger lives.</summary>
    internal RedisPlace Place { get; }

    /// <summary>The Redis; the first master of a Cluster.</summary>
    internal LocalRedis Redis => Place.Nodes[0];

    internal LocalPostgres Postgres { get; }

    internal HostProcess Host { get; private set; } = null!;

    /// <summary>Npgsql's words for the host's database.</summary>
    internal string Database { get; private set; } = "";

    /// <param name="settings">Further settings of the host, each as <c>Processor__Name=value</c>.</param>
    internal static Task<LiveSystem> StartAsync(params IReadOnlyList<string> settings) => StartAsync(masters: 1, settings);

    /// <param name="masters">1 for one Redis that is no Cluster.</param>
    /// <param name="settings">Further settings of the host, each as <c>Processor__Name=value</c>.</param>
    internal static async Task<LiveSystem> StartAsync(int masters, IReadOnlyList<string> settings)
    {
        var system = new LiveSystem(await RedisPlace.StartAsync(masters), await LocalPostgres.StartOwnAsync());
        try
        {
            system.Database = await system.Postgres.CreateDatabaseAsync();
            system.Host = await HostProcess.StartAsync(system.Place.ConnectionString, system.Database, settings);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one whose security module has the demo's keys, and whose endpoints have those of the demo's network.</summary>
    /// <param name="folder">Gets the module's file <c>keys</c> and the components <c>component-1</c> and <c>component-2</c> of its master key.</param>
    /// <param name="settings">Further settings of the host.</param>
    internal static Task<LiveSystem> StartWithModuleAsync(string folder, params IReadOnlyList<string> settings) => StartAsync(
    [
        "Processor__Endpoints__0__PinKey=" + DemoKeys.ZonePins,
        "Processor__Endpoints__1__PinKey=" + DemoKeys.ZonePins,
        "Processor__Endpoints__0__ZoneMasterKey=" + DemoKeys.ZoneMaster,
        "Processor__Endpoints__1__ZoneMasterKey=" + DemoKeys.ZoneMaster,
        "Processor__SecurityModule__KeyFile=" + Path.Combine(folder, "keys"),
        "Processor__SecurityModule__Components__0=" + Path.Combine(folder, "component-1"),
        "Processor__SecurityModule__Components__1=" + Path.Combine(folder, "component-2"),
        .. settings,
    ]);

    /// <summary>Waits until Postgres has everything that was committed, and has made transactions of it.</summary>
    /// <exception cref="TimeoutException">The journal did not empty.</exception>
    internal async Task DrainAsync()
    {
        await ReadRedisAsync(redis => Eventually.IsAsync("the journal is recorded", Patience, async () =>
        {
            foreach (var key in KeysOf(redis, "{p*}:journal"))
            {
                if ((long)await redis.ExecuteAsync("XLEN", key) > 0)
                    return false;
            }

            return true;
        }));
        await using var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync();
        await Eventually.IsAsync("the journal is projected", Patience, async () =>
        {
            await using var command = new NpgsqlCommand(LagSql, connection);
            return (long)(await command.ExecuteScalarAsync())! == 0;
        });
    }

    /// <summary>Reads Redis through a connection beside the host's.</summary>
    internal async Task ReadRedisAsync(Func<IDatabase, Task> read)
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(Place.ConnectionString + ",syncTimeout=30000");
        await read(multiplexer.GetDatabase()).WaitAsync(Patience);

        // Disposing waits a second for its own threads.
        multiplexer.Close(allowCommandsToComplete: false);
    }

    /// <summary>The keys of a pattern, on all masters.</summary>
    internal static IReadOnlyList<RedisKey> KeysOf(IDatabase redis, string pattern) =>
        [.. redis.Multiplexer.GetEndPoints().SelectMany(node => redis.Multiplexer.GetServer(node).Keys(pattern: pattern, pageSize: 1_000))];

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
            await Host.DisposeAsync();
        await Postgres.DisposeAsync();
        await Place.DisposeAsync();
    }
}
