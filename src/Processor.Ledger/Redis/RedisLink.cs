using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Processor.Ledger;

/// <summary>What the ledger asks of Redis: the one place that knows its commands.</summary>
internal sealed class RedisLink : IDisposable
{
    private static readonly string CommitScript = ReadScript();

    // XINFO fails for a stream that is not there, and tells the first and the last entry whole: only the id leaves Redis.
    internal const string StreamEndScript = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return '0-0' end
        local info = redis.call('XINFO', 'STREAM', KEYS[1])
        for index = 1, #info, 2 do
            if info[index] == 'last-generated-id' then return info[index + 1] end
        end
        return redis.error_reply('NOSTREAM the stream has no last id')
        """;

    private readonly ConcurrentDictionary<string, byte[]> streamEnds = new();
    private readonly RedisNodes nodes;
    private readonly int replicas;
    private readonly byte[] wait;

    private RedisLink(RedisNodes nodes, int replicas)
    {
        this.nodes = nodes;
        this.replicas = replicas;
        wait = RespWriter.Write("WAIT", replicas, (long)ReplicaPatience.TotalMilliseconds);
    }

    internal bool IsConnected => nodes.IsConnected;

    /// <param name="configuration">See <see cref="RedisConfiguration"/>.</param>
    /// <param name="clock">Measures pauses between tries, and silence.</param>
    /// <param name="replicas">Replicas that must have a batch; see <see cref="LedgerSettings.ReplicasMin"/>.</param>
    /// <param name="log">Told of connections that are made and lost.</param>
    /// <exception cref="FormatException">The configuration cannot be read.</exception>
    internal static async Task<RedisLink> ConnectAsync(string configuration, TimeProvider clock, int replicas = 0, ILogger? log = null) =>
        new(await RedisNodes.ConnectAsync(RedisConfiguration.Parse(configuration), clock, log ?? NullLogger.Instance), replicas);

    /// <summary>Sends one batch. The call may be written anew when this returns; the task ends when Redis answers or the connection breaks.</summary>
    /// <param name="call">The call. A Redis that has started since its script was loaded does not know it and does nothing.</param>
    /// <param name="asked">Where the last answer has sent it; see <see cref="RedisErrorException.Asked"/>.</param>
    /// <exception cref="NotReplicatedException">It ran, and too few replicas have it yet.</exception>
    internal Task<RespReply> CommitAsync(CommitCall call, RedisEndpoint? asked = null) =>
        replicas == 0 ? nodes.SendBatch(call.Slot, call.Written, asked) : FindReplicatedAsync(nodes.SendBatchAnd(call.Slot, call.Written, wait));

    /// <summary>Takes from a refusal what it tells of who serves what.</summary>
    internal void Learn(CommitCall call, RedisErrorException problem) => nodes.Learn(call.Slot, problem);

    /// <summary>Looks again which node serves what: one did not answer.</summary>
    internal void Doubt() => nodes.Doubt();

    /// <summary>Gives up the connection that a batch went to: what came was no answer to it, so whatever else comes is to other calls, too.</summary>
    internal void GiveUp(CommitCall call, RedisEndpoint? asked, Exception problem) => nodes.GiveUp(call.Slot, asked, problem);

    /// <summary>Brings the script to the server that has a key. It stays there until that server ends.</summary>
    /// <param name="key">A key of the partition.</param>
    /// <param name="run">The name of its run.</param>
    /// <param name="owner">Makes the script this caller's own: another one's load does not make it known.</param>
    internal async Task<Admission> LoadScriptAsync(string key, string run, string owner)
    {
        // A call for an epoch that is none does nothing, and the server knows the script from then on.
        var script = CommitScript + "\n-- " + owner + " run " + run;
        await EvaluateAsync(script, [key, key], ["none", "none", 0, 0, 0, "", ""]);
#pragma warning disable CA5350 // Redis names scripts so.
        return new(run, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(script)))));
#pragma warning restore CA5350
    }

    /// <summary>Reads the epoch of a partition and all fields of an account in one step.</summary>
    /// <param name="script">What <see cref="Admission.Script"/> has.</param>
    /// <param name="meta">The partition's metadata.</param>
    /// <param name="account">The account's key.</param>
    /// <returns>Null when the server has started since the script was loaded: what it has now nobody has looked at.</returns>
    /// <exception cref="LedgerUnavailableException">Redis did not answer, or refused, or what it said was no answer to this.</exception>
    internal async Task<(string Epoch, RedisField[] Fields)?> ReadAccountAsync(byte[] script, string meta, RespArgument account)
    {
        var slot = RedisSlot.Of(meta);
        try
        {
            var reply = await Guard(nodes.CallAsync(slot, RespWriter.Write("EVALSHA", script, 2, meta, account)), "read an account");
            if (reply.Kind == RespKind.List && (RespReply[])reply! is [var epoch, { Kind: RespKind.List } fields, var key] && key.Bytes.SequenceEqual(account.Bytes.Span))
                return ((string?)epoch ?? "", FieldsOf(fields));
        }
        catch (LedgerUnavailableException problem) when (problem.InnerException is RedisErrorException { Message: var told } && told.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            return null;
        }

        var stranger = new LedgerUnavailableException("Redis answered something else than what an account was asked for.");
        nodes.GiveUp(slot, stranger);
        throw stranger;
    }

    /// <summary>The name that the server of a key has given to its present run: another one after each start.</summary>
    internal async Task<string> FindRunAsync(string key)
    {
        var run = await EvaluateAsync("return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')", [key], []);
        return (string?)run ?? throw new LedgerUnavailableException("Redis did not tell its run.");
    }

    /// <summary>Sets a field if it has a certain value.</summary>
    internal Task ReplaceFieldAsync(string key, string field, string before, string after) =>
        EvaluateAsync("if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end", [key], [field, before, after]);

    internal async Task<RedisField[]> ReadHashAsync(RespArgument key) => FieldsOf(await CallAsync("read a hash", "HGETALL", key));

    private static RedisField[] FieldsOf(RespReply reply)
    {
        var items = (RespReply[])reply!;
        var fields = new RedisField[items.Length / 2];
        for (var index = 0; index < fields.Length; index++)
            fields[index] = new((byte[])items[2 * index]!, (byte[])items[(2 * index) + 1]!);
        return fields;
    }

    internal Task<RespReply> ReadFieldAsync(RespArgument key, string field) => CallAsync("read a field", "HGET", key, field);

    internal Task SetFieldAsync(string key, string field, RespArgument value, bool onlyNew) =>
        CallAsync("set a field", onlyNew ? "HSETNX" : "HSET", key, field, value);

    internal Task<RespReply> ReadAsync(string key) => CallAsync("read a value", "GET", key);

    internal Task<RespReply> EvaluateAsync(string script, RespArgument[] keys, RespArgument[] values) =>
        Guard(nodes.CallAsync(RedisSlot.Of(keys[0].Bytes.Span), RespWriter.Write(["EVAL", script, keys.Length, .. keys, .. values])), "run a script");

    internal async Task<List<JournalEntry>> ReadStreamAsync(string key, JournalId after, int count)
    {
        var reply = (RespReply[])(await CallAsync("read the journal", "XRANGE", key, "(" + after, "+", "COUNT", count))!;
        var entries = new List<JournalEntry>(reply.Length);
        foreach (var item in reply)
        {
            var pair = (RespReply[])item!;
            var fields = (RespReply[])pair[1]!;
            entries.Add(new JournalEntry(JournalId.Parse((string)pair[0]!), (byte[])fields[1]!));
        }

        return entries;
    }

    internal async Task<JournalId> FindStreamEndAsync(string key)
    {
        // Asked tens of times a second for each partition, so it is written once.
        var command = streamEnds.GetOrAdd(key, static stream => RespWriter.Write("EVAL", StreamEndScript, 1, stream));
        var end = (string?)await Guard(nodes.CallAsync(RedisSlot.Of(key), command), "tell where the journal ends") ?? throw new LedgerUnavailableException("Redis did not tell where the journal ends.");
        return JournalId.Parse(end);
    }

    internal async Task TrimStreamAsync(string key, JournalId through)
    {
        var keep = new JournalId(through.Epoch, through.Sequence + 1);
        await CallAsync("trim the journal", "XTRIM", key, "MINID", keep.ToString());
    }

    internal async Task<long> StreamLengthAsync(string key) =>
        (long)await CallAsync("measure the journal", "XLEN", key);

    /// <summary>Memory that a key takes; of a large one it is estimated.</summary>
    internal async Task<long> BytesOfAsync(string key)
    {
        var reply = await Guard(nodes.CallAsync(RedisSlot.Of(key), RespWriter.Write("MEMORY", "USAGE", key)), "measure a key");
        return reply.IsNull ? 0 : (long)reply;
    }

    /// <summary>The keys of a pattern on all nodes, some at a time. A key may come twice; one that moves from node to node meanwhile may not come.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<string>> ScanAsync(string pattern)
    {
        const string first = "0";
        foreach (var master in nodes.Masters)
        {
            var cursor = first;
            do
            {
                var reply = (RespReply[])(await Guard(RedisNodes.CallAsync(master, RespWriter.Write("SCAN", cursor, "MATCH", pattern, "COUNT", ScanCount)), "list its keys"))!;
                cursor = (string)reply[0]!;
                yield return [.. ((RespReply[])reply[1]!).Select(key => (string)key!)];
            }
            while (cursor != first);
        }
    }

    internal async Task<RedisPromise> ReadPromiseAsync()
    {
        var info = (string?)await CallAnyAsync("describe itself", "INFO");
        return RedisPromise.Read(info ?? "", await ReadFsyncAsync());
    }

    internal async Task PingAsync() => await CallAnyAsync("answer", "PING");

    /// <inheritdoc/>
    public void Dispose() => nodes.Dispose();

    // One behind the other on the same connection: Redis waits for what this connection has written.
    private async Task<RespReply> FindReplicatedAsync((Task<RespReply> Call, Task<RespReply> Wait) pair)
    {
        var reply = await pair.Call;
        try
        {
            var have = (long)await pair.Wait;
            return have >= replicas ? reply : throw new NotReplicatedException(have, replicas);
        }
        catch (RedisErrorException refusal)
        {
            // It is the waiting that was refused: the batch has run.
            throw new NotReplicatedException(replicas, refusal);
        }
    }

    private Task<RespReply> CallAsync(string what, string command, RespArgument key, params ReadOnlySpan<RespArgument> rest) =>
        Guard(nodes.CallAsync(RedisSlot.Of(key.Bytes.Span), RespWriter.Write([command, key, .. rest])), what);

    private Task<RespReply> CallAnyAsync(string what, params ReadOnlySpan<RespArgument> command) =>
        Guard(nodes.CallAnyAsync(RespWriter.Write(command)), what);

    private async Task<string?> ReadFsyncAsync()
    {
        try
        {
            return RedisPromise.SettingOf(await CallAnyAsync("tell how it writes", "CONFIG", "GET", "appendfsync"));
        }
        catch (LedgerUnavailableException problem) when (problem.InnerException is RedisErrorException)
        {
            return null;
        }
    }

    private static async Task<RespReply> Guard(Task<RespReply> call, string what)
    {
        try
        {
            return await call.WaitAsync(CallTimeout);
        }
        catch (Exception problem) when (problem is RedisErrorException or RedisConnectionException or TimeoutException)
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

    private const int ScanCount = 1_000;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);

    // Meanwhile the connection does nothing else: long enough for a replica that is well, short beside the deadline of a request.
    private static readonly TimeSpan ReplicaPatience = TimeSpan.FromMilliseconds(500);
}
