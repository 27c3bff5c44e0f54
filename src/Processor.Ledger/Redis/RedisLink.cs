using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Processor.Ledger;

/// <summary>The one place that knows the Redis client. Only calls that later versions of the library also have are used.</summary>
internal sealed class RedisLink : IDisposable
{
    private static readonly string CommitScript = ReadScript();

    // XINFO fails for a stream that is not there, and tells the first and the last entry whole: only the id leaves Redis.
    private const string StreamEndScript = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return '0-0' end
        local info = redis.call('XINFO', 'STREAM', KEYS[1])
        for index = 1, #info, 2 do
            if info[index] == 'last-generated-id' then return info[index + 1] end
        end
        return redis.error_reply('NOSTREAM the stream has no last id')
        """;

    private readonly ConnectionMultiplexer multiplexer;
    private readonly IDatabase database;
    private readonly int replicas;

    static RedisLink() => ReplyBoxes.Unshare();

    private RedisLink(ConnectionMultiplexer multiplexer, int replicas)
    {
        this.multiplexer = multiplexer;
        this.replicas = replicas;
        database = multiplexer.GetDatabase();
    }

    internal bool IsConnected => multiplexer.IsConnected;

    /// <param name="configuration">As StackExchange.Redis writes it.</param>
    /// <param name="replicas">Replicas that must have a batch; see <see cref="LedgerSettings.ReplicasMin"/>.</param>
    internal static async Task<RedisLink> ConnectAsync(string configuration, int replicas = 0)
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AbortOnConnectFail = false;
        options.AllowAdmin = false;
        options.SyncTimeout = 5_000;
        options.ClientName = "processor";
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(options);
        multiplexer.PreserveAsyncOrder = false;
        return new RedisLink(multiplexer, replicas);
    }

    /// <summary>Sends one batch. The task may never end when the connection is lost in an unlucky moment: callers wait with a limit.</summary>
    /// <param name="script">What <see cref="LoadCommitAsync"/> returned. A Redis that has started since does not know it and does nothing.</param>
    /// <param name="keys">As the script wants them.</param>
    /// <param name="values">As the script wants them.</param>
    /// <exception cref="NotReplicatedException">It ran, and too few replicas have it yet.</exception>
    internal Task<RedisResult> CommitAsync(byte[] script, RedisKey[] keys, RedisValue[] values) =>
        replicas == 0 ? database.ScriptEvaluateAsync(script, keys, values) : CommitReplicatedAsync(script, keys, values);

    /// <summary>Brings the commit script to the server that has a key. It stays there until that server ends.</summary>
    /// <param name="key">A key of the partition.</param>
    /// <param name="mark">Makes the script this caller's own: another one's load does not make it known.</param>
    /// <returns>What to call it by.</returns>
    internal async Task<byte[]> LoadCommitAsync(RedisKey key, string mark)
    {
        // A call for an epoch that is none does nothing, and the server knows the script from then on.
        var script = CommitScript + "\n-- " + mark;
        await EvaluateAsync(script, [key, key], ["none", "none", 0, 0, 0, "", ""]);
#pragma warning disable CA5350 // Redis names scripts so.
        return SHA1.HashData(Encoding.UTF8.GetBytes(script));
#pragma warning restore CA5350
    }

    /// <summary>The name that the server of a key has given to its present run: another one after each start.</summary>
    internal async Task<string> FindRunAsync(RedisKey key)
    {
        var info = (string?)await EvaluateAsync("return redis.call('INFO', 'server')", [key], []) ?? "";
        return RedisPromise.ValueOf(info, "run_id") ?? throw new LedgerUnavailableException("Redis did not tell its run.");
    }

    /// <summary>Sets a field if it has a certain value.</summary>
    internal Task ReplaceFieldAsync(RedisKey key, RedisValue field, RedisValue before, RedisValue after) =>
        EvaluateAsync("if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end", [key], [field, before, after]);

    internal Task<HashEntry[]> ReadHashAsync(RedisKey key) => Guard(database.HashGetAllAsync(key), "read a hash");

    internal Task<RedisValue> ReadFieldAsync(RedisKey key, RedisValue field) => Guard(database.HashGetAsync(key, field), "read a field");

    internal Task<bool> SetFieldAsync(RedisKey key, RedisValue field, RedisValue value, bool onlyNew) =>
        Guard(database.HashSetAsync(key, field, value, onlyNew ? When.NotExists : When.Always), "set a field");

    internal Task<bool> DeleteAsync(RedisKey key) => Guard(database.KeyDeleteAsync(key), "delete a key");

    internal Task<RedisValue> ReadAsync(RedisKey key) => Guard(database.StringGetAsync(key), "read a value");

    internal Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] values) =>
        Guard(database.ScriptEvaluateAsync(script, keys, values), "run a script");

    internal async Task<List<JournalEntry>> ReadStreamAsync(string key, JournalId after, int count)
    {
        var reply = (RedisResult[]?)await Guard(
            database.ExecuteAsync("XRANGE", (RedisKey)key, "(" + after, "+", "COUNT", count.ToString(CultureInfo.InvariantCulture)),
            "read the journal") ?? [];
        var entries = new List<JournalEntry>(reply.Length);
        foreach (var item in reply)
        {
            var pair = (RedisResult[])item!;
            var fields = (RedisResult[])pair[1]!;
            entries.Add(new JournalEntry(JournalId.Parse((string)pair[0]!), (byte[])fields[1]!));
        }

        return entries;
    }

    internal async Task<JournalId> FindStreamEndAsync(string key)
    {
        var end = (string?)await EvaluateAsync(StreamEndScript, [key], []) ?? throw new LedgerUnavailableException("Redis did not tell where the journal ends.");
        return JournalId.Parse(end);
    }

    internal async Task TrimStreamAsync(string key, JournalId through)
    {
        var keep = new JournalId(through.Epoch, through.Sequence + 1);
        await Guard(database.ExecuteAsync("XTRIM", (RedisKey)key, "MINID", keep.ToString()), "trim the journal");
    }

    internal async Task<long> StreamLengthAsync(string key) =>
        (long)await Guard(database.ExecuteAsync("XLEN", (RedisKey)key), "measure the journal");

    /// <summary>Memory that a key takes; of a large one it is estimated.</summary>
    internal async Task<long> BytesOfAsync(string key)
    {
        var reply = await Guard(database.ExecuteAsync("MEMORY", "USAGE", (RedisKey)key), "measure a key");
        return reply.IsNull ? 0 : (long)reply;
    }

    internal async Task<RedisPromise> ReadPromiseAsync()
    {
        var info = (string?)await Guard(database.ExecuteAsync("INFO"), "describe itself");
        return RedisPromise.Read(info ?? "", await ReadFsyncAsync());
    }

    internal async Task PingAsync() => await Guard(database.PingAsync(), "ping");

    /// <inheritdoc/>
    public void Dispose() => multiplexer.Dispose();

    private async Task<RedisResult> CommitReplicatedAsync(byte[] script, RedisKey[] keys, RedisValue[] values)
    {
        // One behind the other on the same connection: Redis waits for what this connection has written.
        var pair = database.CreateBatch();
        var call = pair.ScriptEvaluateAsync(script, keys, values);
        var wait = pair.ExecuteAsync("WAIT", replicas, (int)ReplicaPatience.TotalMilliseconds);
        pair.Execute();
        await Task.WhenAll(call, wait);
        var have = (int)await wait;
        return have >= replicas ? await call : throw new NotReplicatedException(have, replicas);
    }

    private async Task<string?> ReadFsyncAsync()
    {
        try
        {
            return RedisPromise.SettingOf(await Guard(database.ExecuteAsync("CONFIG", "GET", "appendfsync"), "tell how it writes"));
        }
        catch (LedgerUnavailableException problem) when (problem.InnerException is RedisServerException)
        {
            return null;
        }
    }

    private static async Task<T> Guard<T>(Task<T> call, string what)
    {
        try
        {
            return await call.WaitAsync(CallTimeout);
        }
#pragma warning disable CA1031 // The client throws what it likes when a line breaks, a cancellation too.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            throw new LedgerUnavailableException("Redis did not " + what + ".", problem);
        }
    }

    private static string ReadScript()
    {
        using var stream = typeof(RedisLink).Assembly.GetManifestResourceStream("commit.lua")
            ?? throw new InvalidOperationException("The commit script is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    // Meanwhile the connection does nothing else: long enough for a replica that is well, short beside the deadline of a request.
    private static readonly TimeSpan ReplicaPatience = TimeSpan.FromMilliseconds(500);
}
