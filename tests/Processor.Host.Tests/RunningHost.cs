using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Processor.Cards;
using Processor.Testing;

namespace Processor.Host.Tests;

/// <summary>A whole host in this process, put together as the program does it, on a Redis and a Postgres of the test.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private RunningHost(WebApplication app, CapturedLogs logs, IReadOnlyList<int> ports)
    {
        this.app = app;
        Logs = logs;
        Ports = ports;
        Http = new() { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[0]}")) };
    }

    internal CapturedLogs Logs { get; }

    internal HttpClient Http { get; }

    internal IServiceProvider Services => app.Services;

    /// <summary>The façade's port, and that of the one ISO endpoint.</summary>
    internal IReadOnlyList<int> Ports { get; }

    internal static async Task<RunningHost> StartAsync(string redis, string postgres, string folder, params (string Key, string Value)[] more)
    {
        int[] ports = [FreePorts.Take(), FreePorts.Take()];
        var settings = new Dictionary<string, string?>
        {
            ["Processor:Redis"] = redis,
            ["Processor:Postgres"] = postgres,
            ["Processor:KeyFile"] = Path.Combine(folder, "keys.json"),
            ["Processor:Demo"] = "true",
            ["Processor:DemoApiKeyFile"] = Path.Combine(folder, "api-key"),
            ["Processor:ApiPort"] = Text(ports[0]),
            ["Processor:Endpoints:0:Name"] = "ascii",
            ["Processor:Endpoints:0:Port"] = Text(ports[1]),
            ["Processor:Endpoints:0:Dialect"] = "iso87-ascii",
        };
        foreach (var (key, value) in more)
            settings[key] = value;

        var logs = new CapturedLogs();
        var app = ProcessorHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(logs);
            builder.Logging.SetMinimumLevel(LogLevel.Trace);
        });
        await app.OpenAsync(CancellationToken.None);
        await app.StartAsync();
        return new RunningHost(app, logs, ports);
    }

    internal T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>One line to the ISO endpoint, as a stranger who speaks HTTP would send it.</summary>
    internal async Task<TcpClient> ConnectAsync()
    {
        var line = new TcpClient();
        await line.ConnectAsync("127.0.0.1", Ports[1]);
        return line;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.CloseAsync();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
