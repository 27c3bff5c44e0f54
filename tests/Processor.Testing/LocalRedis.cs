using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Processor.Testing;

/// <summary>
/// A Redis of a test's own: a free loopback port, a private folder, every write on disk before it is answered, nothing
/// evicted. It ends with the test process. With <c>PROCESSOR_TEST_REDIS</c> set (a StackExchange.Redis configuration) it
/// is an emptied logical database of that server, which a test cannot kill.
/// </summary>
public sealed class LocalRedis : IAsyncDisposable
{
    private const string ExternalVariable = "PROCESSOR_TEST_REDIS";
    private const int ExternalDatabases = 16;
    private const int StartTries = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static int externalDatabase = -1;

    private readonly TestFolder? folder;
    private readonly string? external;
    private IReadOnlyList<string> settings = [];
    private ServerProcess? server;

    private LocalRedis(TestFolder? folder, int port, string? external)
    {
        this.folder = folder;
        this.external = external;
        Port = port;
    }

    /// <summary>The loopback port; 0 for a server that the tests did not start.</summary>
    public int Port { get; private set; }

    /// <summary>The process, while it runs; 0 for a server that the tests did not start.</summary>
    public int Pid => server?.Pid ?? 0;

    /// <summary>A StackExchange.Redis configuration: end point, patience at connecting, one continuation per thread.</summary>
    public string ConnectionString => external
        ?? string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port},abortConnect=false");

    /// <summary>The private folder; empty for a server that the tests did not start.</summary>
    public string Folder => folder?.Path ?? "";

    /// <summary>True when this is a server that the test started and may kill.</summary>
    public bool IsOwn => external is null;

    /// <summary>Starts a server, or empties the one that the environment names, and waits until it answers.</summary>
    /// <exception cref="ServerNotReadyException">It did not come up.</exception>
    /// <exception cref="FileNotFoundException"><c>redis-server</c> is not installed.</exception>
    public static Task<LocalRedis> StartAsync() =>
        Environment.GetEnvironmentVariable(ExternalVariable) is { Length: > 0 } configuration
            ? UseExternalAsync(configuration)
            : StartOwnAsync();

    /// <summary>Starts a server whatever the environment says: for tests that kill it.</summary>
    /// <param name="settings">Further arguments of <c>redis-server</c>, such as <c>--latency-tracking</c> and <c>no</c>.</param>
    /// <exception cref="ServerNotReadyException">It did not come up.</exception>
    /// <exception cref="FileNotFoundException"><c>redis-server</c> is not installed.</exception>
    public static async Task<LocalRedis> StartOwnAsync(params IReadOnlyList<string> settings)
    {
        var redis = new LocalRedis(TestFolder.Create("redis"), port: 0, external: null) { settings = settings };
        for (int tries = 1; ; tries++)
        {
            redis.Port = FreePorts.Take();
            try
            {
                await redis.LaunchAsync().ConfigureAwait(false);
                return redis;
            }
            catch (ServerNotReadyException) when (tries < StartTries)
            {
                // Somebody took the port between the look and the start: try the next.
                redis.End();
            }
            catch
            {
                await redis.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>Ends the server as kill -9 does. A second call does nothing.</summary>
    /// <exception cref="NotSupportedException">The server is not ours.</exception>
    public void Kill()
    {
        RequireOwn();
        server?.Kill();
        server?.Dispose();
        server = null;
    }

    /// <summary>Has the server stand still, as a machine does that swaps (SIGSTOP). What is sent to it waits.</summary>
    /// <exception cref="NotSupportedException">The server is not ours.</exception>
    public void Pause()
    {
        RequireOwn();
        ProcessSignal.Stop(Pid);
    }

    /// <summary>Has the server go on after <see cref="Pause"/>.</summary>
    /// <exception cref="NotSupportedException">The server is not ours.</exception>
    public void Continue()
    {
        RequireOwn();
        ProcessSignal.Continue(Pid);
    }

    /// <summary>Starts the server again on the same port and folder, killing it first if it still runs.</summary>
    /// <exception cref="NotSupportedException">The server is not ours.</exception>
    /// <exception cref="ServerNotReadyException">It did not come up.</exception>
    public Task RestartAsync()
    {
        Kill();
        return LaunchAsync();
    }

    /// <summary>Starts the server again as <see cref="RestartAsync"/> does, but with nothing in it: a lost ledger.</summary>
    /// <exception cref="NotSupportedException">The server is not ours.</exception>
    public Task RestartEmptyAsync()
    {
        Kill();
        foreach (string path in Directory.EnumerateDirectories(folder!.Path))
            Directory.Delete(path, recursive: true);
        return LaunchAsync();
    }

    /// <summary>Copies the files that its keys are in, as they are at this moment. It may run and be written to.</summary>
    /// <exception cref="NotSupportedException">The server is not ours.</exception>
    public void CopyFiles()
    {
        RequireOwn();
        if (Directory.Exists(Copy))
            Directory.Delete(Copy, recursive: true);
        Directory.CreateDirectory(Copy);
        foreach (string file in Directory.EnumerateFiles(Files))
            File.Copy(file, Path.Combine(Copy, Path.GetFileName(file)));
    }

    /// <summary>Ends the server as kill -9 does, puts back what <see cref="CopyFiles"/> has copied, and starts it again: a rewound ledger.</summary>
    /// <exception cref="NotSupportedException">The server is not ours.</exception>
    public Task RewindAsync()
    {
        Kill();
        Directory.Delete(Files, recursive: true);
        Directory.Move(Copy, Files);
        return LaunchAsync();
    }

    /// <summary>Removes every key of this test's database.</summary>
    public async Task FlushAsync()
    {
        var connection = await ConnectAsync(ConnectionString).ConfigureAwait(false);

        // This very server, also when it tells of others that form a Cluster with it.
        var options = ConfigurationOptions.Parse(ConnectionString);
        await connection.GetServer(options.EndPoints[0]).FlushDatabaseAsync(options.DefaultDatabase ?? 0).ConfigureAwait(false);
        // Disposing waits a second for its own threads.
        connection.Close(allowCommandsToComplete: false);
    }

    /// <summary>Removes the keys of a pattern, as a Redis Cluster loses them with the master that has their slots.</summary>
    public async Task RemoveAsync(string pattern)
    {
        var connection = await ConnectAsync(ConnectionString).ConfigureAwait(false);
        var database = connection.GetDatabase();
        await database.KeyDeleteAsync([.. KeysOf(connection, pattern)]).ConfigureAwait(false);
        connection.Close(allowCommandsToComplete: false);
    }

    /// <summary>Counts the keys of a pattern.</summary>
    public async Task<int> CountAsync(string pattern)
    {
        var connection = await ConnectAsync(ConnectionString).ConfigureAwait(false);
        var count = KeysOf(connection, pattern).Count();
        connection.Close(allowCommandsToComplete: false);
        return count;
    }

    /// <summary>Ends the server and removes its folder.</summary>
    public ValueTask DisposeAsync()
    {
        End();
        folder?.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Files => Path.Combine(Folder, "appendonlydir");

    private string Copy => Path.Combine(Folder, "earlier");

    private static async Task<LocalRedis> UseExternalAsync(string configuration)
    {
        int database = (Interlocked.Increment(ref externalDatabase) & int.MaxValue) % ExternalDatabases;
        var options = ConfigurationOptions.Parse(configuration);
        options.DefaultDatabase = database;
        options.AbortOnConnectFail = false;
        var redis = new LocalRedis(folder: null, port: 0, options.ToString());
        await redis.FlushAsync().ConfigureAwait(false);
        return redis;
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(string configuration)
    {
        var options = ConfigurationOptions.Parse(configuration);
        options.AbortOnConnectFail = true;
        options.AllowAdmin = true;
        return await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false);
    }

    private static IEnumerable<RedisKey> KeysOf(ConnectionMultiplexer connection, string pattern) =>
        connection.GetServer(connection.GetEndPoints()[0]).Keys(connection.GetDatabase().Database, pattern);

    private async Task LaunchAsync()
    {
        string data = folder!.Path;
        server = ServerProcess.Start("KILL", Path.Combine(data, "redis.log"),
        [
            Programs.Find("redis-server"),
            "--bind", "127.0.0.1",
            "--port", Port.ToString(CultureInfo.InvariantCulture),
            "--dir", data,
            "--daemonize", "no",
            "--appendonly", "yes",
            "--appendfsync", "always",
            "--maxmemory-policy", "noeviction",
            // A copy of its files is one moment's only while it does not write them anew.
            "--auto-aof-rewrite-percentage", "0",
            "--save", "",
            .. settings,
        ]);
        await server.WaitUntilReadyAsync(AnswersPingAsync, Patience).ConfigureAwait(false);
    }

    private async Task<bool> AnswersPingAsync(CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port), cancellation).ConfigureAwait(false);
            await socket.SendAsync("PING\r\n"u8.ToArray(), cancellation).ConfigureAwait(false);
            byte[] answer = new byte[64];
            int length = await socket.ReceiveAsync(answer, cancellation).ConfigureAwait(false);
            return answer.AsSpan(0, length).StartsWith("+PONG"u8) && server!.IsRunning;   // -LOADING while it reads its file
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void End()
    {
        server?.End();
        server?.Dispose();
        server = null;
    }

    private void RequireOwn()
    {
        if (!IsOwn)
            throw new NotSupportedException($"{ExternalVariable} is set: that server is not ours to kill.");
    }
}
