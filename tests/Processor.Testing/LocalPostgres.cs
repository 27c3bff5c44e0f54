using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Processor.Testing;

/// <summary>
/// A Postgres of a test's own: a free loopback port, a private folder, fsync on, no socket file, anybody on loopback
/// trusted. It ends with the test process. With <c>PROCESSOR_TEST_POSTGRES</c> set (an Npgsql connection string of a user
/// who may create databases) it is that server, which a test cannot kill.
/// </summary>
public sealed class LocalPostgres : IAsyncDisposable
{
    private const string ExternalVariable = "PROCESSOR_TEST_POSTGRES";
    private const int StartTries = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static int databaseCount;

    private readonly TestFolder? folder;
    private readonly string? external;
    private readonly IReadOnlyList<string> settings;
    private readonly List<string> externalDatabases = [];
    private ServerProcess? server;

    private LocalPostgres(TestFolder? folder, string? external, IReadOnlyList<string> settings)
    {
        this.folder = folder;
        this.external = external;
        this.settings = settings;
    }

    /// <summary>The loopback port; 0 for a server that the tests did not start.</summary>
    public int Port { get; private set; }

    /// <summary>The server's first process, while it runs; 0 for a server that the tests did not start.</summary>
    public int Pid => server?.Pid ?? 0;

    /// <summary>An Npgsql connection string to the server's maintenance database.</summary>
    public string ConnectionString => external ?? string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Username=postgres;Database=postgres;Include Error Detail=true");

    /// <summary>True when this is a server that the test started and may kill.</summary>
    public bool IsOwn => external is null;

    /// <summary>The private folder; empty for a server that the tests did not start.</summary>
    public string Folder => folder?.Path ?? "";

    private string Data => Path.Combine(folder!.Path, "data");

    /// <summary>Starts a server, or takes the one that the environment names, and waits until it answers.</summary>
    /// <exception cref="ServerNotReadyException">It did not come up.</exception>
    /// <exception cref="FileNotFoundException">Postgres is not installed.</exception>
    public static Task<LocalPostgres> StartAsync() =>
        Environment.GetEnvironmentVariable(ExternalVariable) is { Length: > 0 } connectionString
            ? Task.FromResult(new LocalPostgres(folder: null, connectionString, []))
            : StartOwnAsync();

    /// <summary>Starts a server whatever the environment says: for tests that kill it.</summary>
    /// <param name="settings">What it is started with beyond being durable, each as <c>name=value</c>; nothing by default.</param>
    /// <exception cref="ServerNotReadyException">It did not come up.</exception>
    /// <exception cref="FileNotFoundException">Postgres is not installed.</exception>
    public static async Task<LocalPostgres> StartOwnAsync(params IReadOnlyList<string> settings)
    {
        string template = await PostgresTemplate.PrepareAsync().ConfigureAwait(false);
        var postgres = new LocalPostgres(TestFolder.Create("postgres"), external: null, settings);
        await PostgresTemplate.CopyAsync(template, postgres.Data).ConfigureAwait(false);
        for (int tries = 1; ; tries++)
        {
            postgres.Port = FreePorts.Take();
            try
            {
                await postgres.LaunchAsync().ConfigureAwait(false);
                return postgres;
            }
            catch (ServerNotReadyException) when (tries < StartTries)
            {
                // Somebody took the port between the look and the start: try the next.
                postgres.End();
            }
            catch
            {
                await postgres.DisposeAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>Makes a fresh database and gives the connection string to it.</summary>
    /// <param name="template">
    /// The database to copy, by the name in its connection string, with nobody connected to it; null for an empty one.
    /// </param>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture, $"test_{Environment.ProcessId}_{Interlocked.Increment(ref databaseCount)}");
        string copy = template is null ? "" : $" template \"{template}\"";
        await ExecuteAsync($"create database \"{name}\"{copy}").ConfigureAwait(false);
        if (!IsOwn)
            externalDatabases.Add(name);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Ends the server as kill -9 of its first process does. A second call does nothing.</summary>
    /// <exception cref="NotSupportedException">The server is not ours.</exception>
    public void Kill()
    {
        RequireOwn();
        server?.Kill();
        server?.Dispose();
        server = null;
    }

    /// <summary>Starts the server again on the same port and folder, killing it first if it still runs.</summary>
    /// <exception cref="NotSupportedException">The server is not ours.</exception>
    /// <exception cref="ServerNotReadyException">It did not come up.</exception>
    public async Task RestartAsync()
    {
        Kill();
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await LaunchAsync().ConfigureAwait(false);
                return;
            }
            catch (ServerNotReadyException) when (waited.Elapsed < Patience)
            {
                // The children of the killed process still hold its shared memory for a moment.
                End();
                await Task.Delay(TimeSpan.FromMilliseconds(50)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the server and removes its folder; of a server that is not ours, drops what was created.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (string name in externalDatabases)
            await ExecuteAsync($"drop database if exists \"{name}\" with (force)").ConfigureAwait(false);
        externalDatabases.Clear();
        End();
        folder?.Dispose();
    }

    private async Task LaunchAsync()
    {
        server = ServerProcess.Start("QUIT", Path.Combine(folder!.Path, "postgres.log"),
        [
            .. PostgresTemplate.AsServerUser,
            PostgresTemplate.Program("postgres"),
            "-D", Data,
            "-c", string.Create(CultureInfo.InvariantCulture, $"port={Port}"),
            "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=",
            "-c", "max_connections=300",
            "-c", "fsync=on",
            "-c", "synchronous_commit=on",
            .. settings.SelectMany(setting => new[] { "-c", setting }),
        ]);
        await server.WaitUntilReadyAsync(AnswersQueryAsync, Patience).ConfigureAwait(false);
    }

    private async Task<bool> AnswersQueryAsync(CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync("select 1", cancellation).ConfigureAwait(false);
            return server!.IsRunning;
        }
        catch (NpgsqlException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation = default)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false };
        var connection = new NpgsqlConnection(builder.ConnectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync(cancellation).ConfigureAwait(false);
            var command = new NpgsqlCommand(sql, connection);
            await using (command.ConfigureAwait(false))
                await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
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
