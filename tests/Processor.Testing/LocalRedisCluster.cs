using System.Globalization;
using System.Text.RegularExpressions;

namespace Processor.Testing;

/// <summary>A Redis Cluster of a test's own: masters on free loopback ports that share the slots evenly, without replicas.</summary>
public sealed class LocalRedisCluster : IAsyncDisposable
{
    private const int Slots = 16_384;
    private const int KeysAtOnce = 20;
    private const int MigrateTimeoutMilliseconds = 5_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<LocalRedis> nodes = [];
    private readonly List<int> buses = [];
    private readonly List<string> ids = [];
    private readonly List<RedisProxy> proxies = [];

    private LocalRedisCluster()
    {
    }

    /// <summary>The masters.</summary>
    public IReadOnlyList<LocalRedis> Nodes => nodes;

    /// <summary>The proxies that clients are led through, one for each master; none unless they were asked for.</summary>
    public IReadOnlyList<RedisProxy> Proxies => proxies;

    /// <summary>A StackExchange.Redis configuration that names every master as clients reach it.</summary>
    public string ConnectionString
    {
        get
        {
            var ports = proxies.Count > 0 ? proxies.Select(proxy => proxy.Port) : nodes.Select(node => node.Port);
            return string.Join(',', ports.Select(port => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"))) + ",abortConnect=false,connectTimeout=1000";
        }
    }

    /// <summary>Starts the masters, gives each its slots, and waits until all of them serve.</summary>
    /// <param name="masters">How many.</param>
    /// <param name="random">When given, each master tells clients that it is to be reached at a proxy, and these are the proxies' dice.</param>
    /// <exception cref="ServerNotReadyException">They did not become one cluster.</exception>
    public static async Task<LocalRedisCluster> StartAsync(int masters = 3, Random? random = null)
    {
        var cluster = new LocalRedisCluster();
        try
        {
            for (int index = 0; index < masters; index++)
                await cluster.AddAsync(random).ConfigureAwait(false);
            await cluster.JoinAsync().ConfigureAwait(false);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The slot of a key.</summary>
    public async Task<int> SlotOfAsync(string key) =>
        (int)(long)(await CallAsync(0, "CLUSTER", "KEYSLOT", key).ConfigureAwait(false))!;

    /// <summary>The master that serves a slot, by its place in <see cref="Nodes"/>.</summary>
    public async Task<int> OwnerOfAsync(int slot)
    {
        // Of each range: first slot, last slot, the master as host, port, id.
        foreach (object range in (object[])(await CallAsync(0, "CLUSTER", "SLOTS").ConfigureAwait(false))!)
        {
            object[] parts = (object[])range;
            if (slot >= (long)parts[0] && slot <= (long)parts[1])
                return ids.IndexOf((string)((object[])parts[2])[2]);
        }

        throw new InvalidOperationException($"Slot {slot} has no owner.");
    }

    /// <summary>Moves a slot with all its keys to the next master, a few keys at a time, as operators do while it is in use.</summary>
    /// <returns>Keys that were moved.</returns>
    public async Task<int> MigrateAsync(int slot)
    {
        int source = await OwnerOfAsync(slot).ConfigureAwait(false);
        int target = (source + 1) % nodes.Count;
        await CallAsync(target, "CLUSTER", "SETSLOT", slot, "IMPORTING", ids[source]).ConfigureAwait(false);
        await CallAsync(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", ids[target]).ConfigureAwait(false);
        int moved = 0;
        while (true)
        {
            var keys = (object[])(await CallAsync(source, "CLUSTER", "GETKEYSINSLOT", slot, KeysAtOnce).ConfigureAwait(false))!;
            if (keys.Length == 0)
                break;
            await CallAsync(source, ["MIGRATE", "127.0.0.1", nodes[target].Port, "", 0, MigrateTimeoutMilliseconds, "KEYS", .. keys]).ConfigureAwait(false);
            moved += keys.Length;
        }

        // The new owner first, so that the slot always has one.
        await CallAsync(target, "CLUSTER", "SETSLOT", slot, "NODE", ids[target]).ConfigureAwait(false);
        for (int node = 0; node < nodes.Count; node++)
            await CallAsync(node, "CLUSTER", "SETSLOT", slot, "NODE", ids[target]).ConfigureAwait(false);
        return moved;
    }

    /// <summary>Removes every key of one master.</summary>
    public Task FlushAsync(int node) => CallAsync(node, "FLUSHALL");

    /// <summary>How often a master has answered with an error that begins with a word, such as MOVED; all masters together.</summary>
    public async Task<long> CountErrorsAsync(string word)
    {
        long count = 0;
        var shape = new Regex(string.Create(CultureInfo.InvariantCulture, $"errorstat_{word}:count=([0-9]+)"));
        for (int node = 0; node < nodes.Count; node++)
        {
            var match = shape.Match((string)(await CallAsync(node, "INFO", "errorstats").ConfigureAwait(false))!);
            if (match.Success)
                count += long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        }

        return count;
    }

    /// <summary>Ends the masters and removes their folders.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in proxies)
            await proxy.DisposeAsync().ConfigureAwait(false);
        foreach (var node in nodes)
            await node.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AddAsync(Random? random)
    {
        // The bus has a port of its own, taken like the others, for the usual one lies 10,000 higher among those of outgoing connections.
        int bus = FreePorts.Take();

        // A setting of its start, so that it is announced after a restart, too. 0 announces the port that it listens on.
        int announced = random is null ? 0 : FreePorts.Take();
        var node = await LocalRedis.StartOwnAsync(
            "--cluster-enabled", "yes", "--cluster-port", bus.ToString(CultureInfo.InvariantCulture), "--cluster-node-timeout", "5000",
            "--cluster-announce-port", announced.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
        nodes.Add(node);
        if (random is not null)
            proxies.Add(RedisProxy.Start(node.Port, random.Next(), announced));
        buses.Add(bus);
        int index = nodes.Count - 1;
        ids.Add((string)(await CallAsync(index, "CLUSTER", "MYID").ConfigureAwait(false))!);
        if (index > 0)
            await CallAsync(index, "CLUSTER", "MEET", "127.0.0.1", nodes[0].Port, buses[0]).ConfigureAwait(false);
    }

    private async Task JoinAsync()
    {
        for (int index = 0; index < nodes.Count; index++)
            await CallAsync(index, "CLUSTER", "ADDSLOTSRANGE", Slots * index / nodes.Count, (Slots * (index + 1) / nodes.Count) - 1).ConfigureAwait(false);
        long started = TimeProvider.System.GetTimestamp();
        for (int index = 0; index < nodes.Count; index++)
        {
            while (!await IsServingAsync(index).ConfigureAwait(false))
            {
                if (TimeProvider.System.GetElapsedTime(started) > Patience)
                    throw new ServerNotReadyException("The masters did not become a cluster.");
                await Task.Delay(TimeSpan.FromMilliseconds(10)).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> IsServingAsync(int node)
    {
        string info = (string)(await CallAsync(node, "CLUSTER", "INFO").ConfigureAwait(false))!;
        return info.Contains("cluster_state:ok", StringComparison.Ordinal)
            && info.Contains(string.Create(CultureInfo.InvariantCulture, $"cluster_known_nodes:{nodes.Count}"), StringComparison.Ordinal);
    }

    private Task<object?> CallAsync(int node, params IReadOnlyList<object> words) => PlainRedis.CallAsync(nodes[node].Port, words);
}
