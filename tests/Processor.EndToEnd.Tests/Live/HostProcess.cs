using System.Diagnostics;
using System.Globalization;
using Processor.Testing;

namespace Processor.EndToEnd.Tests;

/// <summary>The real host, as a process of its own that can be killed and started again on the same state and ports. It ends with the
/// test process.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TestFolder folder = TestFolder.Create("host");
    private readonly List<string> environment;
    private ServerProcess? process;

    private HostProcess(string redis, string database, IReadOnlyList<string> settings)
    {
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{FreePorts.Take()}"), Timeout = TimeSpan.FromSeconds(10) };
        environment =
        [
            $"Processor__Redis={redis}",
            $"Processor__Postgres={database};Timeout=5",
            $"Processor__KeyFile={Path.Combine(folder.Path, "keys")}",
            $"Processor__ApiPort={Http.BaseAddress.Port}",
            "Processor__Demo=true",
            $"Processor__DemoApiKeyFile={ApiKeyFile}",
            .. Endpoint(0, "dual", DualPort, "iso87-ascii", "dual", network: 1),
            .. Endpoint(1, "single", SinglePort, "iso87-binary", "single", network: 2),
            "Logging__LogLevel__Default=Warning",
            .. settings,
        ];
    }

    /// <summary>An <c>iso87-ascii</c> endpoint where 0100 holds.</summary>
    internal int DualPort { get; } = FreePorts.Take();

    /// <summary>An <c>iso87-binary</c> endpoint where 0200 posts.</summary>
    internal int SinglePort { get; } = FreePorts.Take();

    /// <summary>The façade, health and metrics.</summary>
    internal HttpClient Http { get; }

    private string ApiKeyFile => Path.Combine(folder.Path, "api-key");

    /// <summary>Starts a host with the demo program.</summary>
    /// <param name="redis">Its ledger, as <see cref="RedisPlace.ConnectionString"/> names it.</param>
    /// <param name="database">Npgsql's words for its database.</param>
    /// <param name="settings">Further settings, each as <c>Processor__Name=value</c>.</param>
    internal static async Task<HostProcess> StartAsync(string redis, string database, IReadOnlyList<string> settings)
    {
        var host = new HostProcess(redis, database, settings);
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, again, and waits until it says that it is ready.</summary>
    /// <exception cref="ServerNotReadyException">It ended, or did not become ready.</exception>
    internal async Task StartAsync()
    {
        process = ServerProcess.Start(
            "KILL",
            Path.Combine(folder.Path, "host.log"),
            [Programs.Find("env"), .. environment, Dotnet(), Path.Combine(AppContext.BaseDirectory, "Processor.Host.dll")]);
        await process.WaitUntilReadyAsync(async cancellation => await AnswersAsync("/health/ready", cancellation), Patience);
    }

    /// <summary>Asks it to stop, as an operator does, and waits until it has ended.</summary>
    internal async Task StopAsync()
    {
        using var asking = Process.Start(Programs.Find("kill"), ["-TERM", process!.Pid.ToString(CultureInfo.InvariantCulture)]);
        await asking.WaitForExitAsync();
        await Eventually.IsAsync("the host has ended", Patience, () => Task.FromResult(!process.IsRunning));
        Kill();
    }

    /// <summary>Where its keys are; another host of the same ledger needs them.</summary>
    internal string KeyFile => Path.Combine(folder.Path, "keys");

    /// <summary>Ends it as kill -9 does.</summary>
    internal void Kill()
    {
        process?.Kill();
        process?.Dispose();
        process = null;
    }

    /// <summary>True when a path answers with success.</summary>
    internal async Task<bool> AnswersAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
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

    /// <summary>The key of the demo program.</summary>
    internal string ReadApiKey() => File.ReadAllText(ApiKeyFile).Trim();

    /// <summary>What the host logged, warnings and worse.</summary>
    internal string Log() => process?.Log() ?? "";

    public ValueTask DisposeAsync()
    {
        Kill();
        Http.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<string> Endpoint(int index, string name, int port, string dialect, string mode, int network)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"Processor__Endpoints__{index}__");
        yield return prefix + "Name=" + name;
        yield return prefix + "Port=" + port.ToString(CultureInfo.InvariantCulture);
        yield return prefix + "Dialect=" + dialect;
        yield return prefix + "Mode=" + mode;
        yield return prefix + "Network=" + network.ToString(CultureInfo.InvariantCulture);
    }

    // The tests run under the same program, unless their runner has one of its own.
    private static string Dotnet() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : Programs.Find("dotnet");
}
