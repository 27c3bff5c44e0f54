using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Processor.Testing;

namespace Processor.Host.Tests;

/// <summary>A whole host in this process, put together as the program does it, on a Redis and a Postgres of the test.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private bool isStopped;

    private RunningHost(WebApplication app, ShiftedClock clock, CapturedLogs logs, IReadOnlyList<int> ports)
    {
        this.app = app;
        Clock = clock;
        Logs = logs;
        Ports = ports;
        Http = new() { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[0]}")) };
    }

    internal ShiftedClock Clock { get; }

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
        var clock = new ShiftedClock();
        var app = ProcessorHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(settings);
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Logging.ClearProviders();
            builder.Logging.AddProvider(logs);
            builder.Logging.SetMinimumLevel(LogLevel.Trace);
        });
        await app.OpenAsync(CancellationToken.None);
        await app.StartAsync();
        return new RunningHost(app, clock, logs, ports);
    }

    internal T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>A network's line to the ISO endpoint.</summary>
    internal Task<NetworkLine> ConnectAsync() => NetworkLine.ConnectAsync(Ports[1]);

    /// <summary>Stops accepting, answers what was accepted, and leaves.</summary>
    internal async Task StopAsync()
    {
        if (isStopped)
            return;
        isStopped = true;
        await app.StopAsync();
        await app.CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
