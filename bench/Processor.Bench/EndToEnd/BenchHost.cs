using System.Data;
using System.Diagnostics;
using System.Globalization;
using Dapper;
using Npgsql;
using Processor.Testing;

namespace Processor.Bench;

/// <summary>The host as a process of its own, with a Redis and a Postgres of its own, and the demo's load cards.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private const string ProjectionLag = "processor_projection_lag_seconds";

    private static readonly TimeSpan CatchingUpMax = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly LocalRedis redis;
    private readonly LocalPostgres postgres;
    private readonly DirectoryInfo folder;
    private readonly HttpClient http;
    private ServerProcess? process;

    private BenchHost(LocalRedis redis, LocalPostgres postgres)
    {
        this.redis = redis;
        this.postgres = postgres;
        folder = Directory.CreateTempSubdirectory("processor-bench-host-");
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{FreePorts.Take()}"), Timeout = TimeSpan.FromSeconds(5) };
    }

    /// <summary>Where the load goes: <c>iso87-ascii</c>, two bytes of length.</summary>
    public int Port { get; } = FreePorts.Take();

    /// <summary>Starts all three and seeds.</summary>
    /// <exception cref="ServerNotReadyException">One did not come up.</exception>
    public static async Task<BenchHost> StartAsync(BenchOptions options)
    {
        var redis = await LocalRedis.StartOwnAsync(RedisSettings.All);
        var postgres = await LocalPostgres.StartOwnAsync(PostgresSettings.All);
        var host = new BenchHost(redis, postgres);
        try
        {
            await host.LaunchAsync(options);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>What all three have used so far.</summary>
    public HostUsage Usage() => new(
        ProcessTree.CpuSeconds(process!.Pid), ProcessTree.CpuSeconds(redis.Pid), ProcessTree.CpuSeconds(postgres.Pid),
        ProcessTree.ResidentMebibytes(process.Pid), ProcessTree.ResidentMebibytes(redis.Pid));

    /// <summary>The host's own figures.</summary>
    public async Task<HostMetrics> MetricsAsync()
    {
        using var response = await http.GetAsync(new Uri("/metrics", UriKind.Relative));
        return response.IsSuccessStatusCode ? HostMetrics.Parse(await response.Content.ReadAsStringAsync()) : HostMetrics.None;
    }

    /// <summary>Waits until the projector has caught up.</summary>
    /// <returns>Its lag at the beginning, in seconds; not a number when the host does not tell.</returns>
    public async Task<double> CatchUpAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var before = (await MetricsAsync()).Max(ProjectionLag);
        for (var lag = before; lag > 1 && Stopwatch.GetElapsedTime(started) < CatchingUpMax; lag = (await MetricsAsync()).Max(ProjectionLag))
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        return before;
    }

    /// <summary>Brings Postgres to where one is that has run for a while: its log's files are there to be used again, and it has written
    /// what a load left.</summary>
    public async Task SettleAsync()
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync("checkpoint", commandType: CommandType.Text);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        process?.End();
        process?.Dispose();
        http.Dispose();
        await postgres.DisposeAsync();
        await redis.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task LaunchAsync(BenchOptions options)
    {
        string[] settings =
        [
            $"Processor__Redis={redis.ConnectionString}",
            $"Processor__Postgres={postgres.ConnectionString};Maximum Pool Size=50",
            $"Processor__KeyFile={Path.Combine(folder.FullName, "keys")}",
            $"Processor__ApiPort={http.BaseAddress!.Port}",
            "Processor__Demo=true",
            $"Processor__DemoLoadCards={Text(options.Accounts)}",
            "Processor__Endpoints__0__Name=bench",
            $"Processor__Endpoints__0__Port={Text(Port)}",
            "Logging__LogLevel__Default=Warning",
        ];
        var log = Path.Combine(Path.GetTempPath(), $"processor-bench-host-{Environment.ProcessId}.log");
        process = ServerProcess.Start(
            "TERM",
            log,
            [
                Programs.Find("env"), .. settings, .. options.HostSettings,
                Environment.ProcessPath ?? "dotnet",
                RepositoryRoot.Path("src", "Processor.Host", "bin", "Release", "net10.0", "Processor.Host.dll"),
            ]);
        await process.WaitUntilReadyAsync(IsReadyAsync, Patience);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
