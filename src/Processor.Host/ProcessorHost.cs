using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Processor.Api;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Security;
using Processor.Switch;

namespace Processor.Host;

/// <summary>Puts a host together and starts it. Decides nothing.</summary>
public static class ProcessorHost
{
    /// <summary>Wires a host; nothing connects yet.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names its key.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        configure?.Invoke(builder);
        var options = ProcessorOptions.Read(builder.Configuration);
        AddServices(builder.Services, options);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds));
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        var app = builder.Build();
        app.MapProcessorHealth();
        app.MapProcessorMetrics();
        if (options.Has("api"))
            app.MapProcessorApi();
        return app;
    }

    /// <summary>Migrates, opens the ledger, seeds, and then listens and serves until it is stopped.</summary>
    public static async Task RunAsync(this WebApplication app, CancellationToken cancellation)
    {
        await app.OpenAsync(cancellation);
        await app.StartAsync(cancellation);
        var stopping = app.WaitForShutdownAsync(cancellation);

        // Half a host is worse than none: senders go to another, or to this one when it has started again.
        if (await Task.WhenAny(stopping, app.Services.GetRequiredService<LedgerHandle>().Ledger.Failed) != stopping)
        {
            Environment.ExitCode = 1;
            app.Lifetime.StopApplication();
        }

        await stopping;
        await app.CloseAsync();
    }

    /// <summary>Everything that must have happened before the first connection.</summary>
    public static async Task OpenAsync(this WebApplication app, CancellationToken cancellation)
    {
        var services = app.Services;
        var options = services.GetRequiredService<ProcessorOptions>();
        await services.GetRequiredService<Migrator>().ApplyAsync(cancellation);
        await services.GetRequiredService<VaultKeeper>().OpenAsync(cancellation);
        await services.GetRequiredService<LedgerHandle>().OpenAsync(
            LedgerSettingsOf(options),
            services.GetRequiredService<ILedgerRegistry>(),
            services.GetRequiredService<IHistory>(),
            services.GetRequiredService<ILedgerRecovery>(),
            services.GetRequiredService<ProgramDirectory>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>(),
            cancellation);
        if (options.Demo)
            await services.GetRequiredService<DemoSeed>().RunAsync(options, cancellation);
        await services.GetRequiredService<ProgramRefresh>().RefreshAsync(cancellation);
    }

    /// <summary>Answers what was accepted, then leaves. To be called when the listeners have stopped.</summary>
    public static async Task CloseAsync(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ProcessorOptions>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.DrainSeconds));
        await app.Services.GetRequiredService<LedgerHandle>().Ledger.DrainAsync(patience.Token);
        await app.DisposeAsync();
    }

    private static void AddServices(IServiceCollection services, ProcessorOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<MetricsCollector>();
        services.AddSingleton<ProgramDirectory>();
        services.AddSingleton<ScriptDirectory>();
        services.AddSingleton(_ => VaultKeys.LoadOrCreate(options.KeyFile));
        services.AddSingleton<PanVault>();
        services.AddSingleton<VaultKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<VaultKeeper>());
        services.AddSingleton<LedgerHandle>();
        services.AddSingleton<ILedger>(provider => provider.GetRequiredService<LedgerHandle>());
        services.AddSingleton(provider => provider.GetRequiredService<LedgerHandle>().Ledger.Journal);
        services.AddSingleton<ICardDirectory>(provider => provider.GetRequiredService<LedgerHandle>());
        services.AddRecords(new RecordsSettings
        {
            Postgres = options.Postgres,
            IsRecorder = options.Has("recorder"),
            IsProjector = options.Has("recorder"),
        });
        services.AddSingleton<DueAccountQueries>();
        services.AddSingleton<HealthQueries>();
        services.AddProcessorApi();
        services.AddSingleton<DemoSeed>();
        services.AddSingleton<ProgramRefresh>();
        services.AddHostedService(provider => provider.GetRequiredService<ProgramRefresh>());
        services.AddSingleton<ScriptRefresh>();
        if (options.Has("switch"))
            services.AddHostedService(provider => provider.GetRequiredService<ScriptRefresh>());
        if (options.Has("worker"))
        {
            services.AddSingleton<DueHoldsWorker>();
            services.AddHostedService(provider => provider.GetRequiredService<DueHoldsWorker>());
            services.AddSingleton<BegunCardsWorker>();
            services.AddHostedService(provider => provider.GetRequiredService<BegunCardsWorker>());
        }
        services.AddSingleton<SecurityModule>();
        services.AddSingleton<SecurityReadiness>();
        services.AddHostedService<KeyFileWatch>();
        services.AddSingleton(provider => provider.GetRequiredService<SecurityModule>().Hsm);
        services.AddSingleton<CredentialCheck>();
        services.AddSingleton<MessageCodes>();
        services.AddSingleton(provider => new ZoneKeyExchange(provider.GetRequiredService<SecurityModule>().Keys));
        services.AddSingleton<SwitchMetrics>();
        services.AddSingleton<IPanHasher, VaultHasher>();
        services.AddSingleton(SwitchSettingsOf(options));
        services.AddSingleton<Switchboard>();
        services.AddSingleton<INetworkProfiles, EndpointNetworks>();
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, ProcessorOptions options)
    {
        kestrel.AddServerHeader = false;
        HttpLimits.ApplyTo(kestrel.Limits);
        kestrel.Listen(IPAddress.Parse(options.ListenAddress), options.ApiPort == 0 ? 0 : options.ApiPort + options.PortOffset);
        if (options.Has("switch"))
            kestrel.ListenSwitch(kestrel.ApplicationServices.GetRequiredService<Switchboard>());
    }

    private static LedgerSettings LedgerSettingsOf(ProcessorOptions options) => new()
    {
        Redis = options.Redis,
        Partitions = options.Partitions,
        Lanes = options.Lanes,
        BatchMax = options.BatchMax,
        JournalEntriesMax = options.JournalEntriesMax,
        JournalBytesMax = (long)options.JournalMebibytesMax << 20,
        NearCacheBytes = (long)options.NearCacheMebibytes << 20,
        ReplicasMin = options.ReplicasMin,
        RepeatWindow = TimeSpan.FromMinutes(options.RepeatWindowMinutes),
    };

    private static SwitchSettings SwitchSettingsOf(ProcessorOptions options)
    {
        var endpoints = options.Endpoints.Count > 0 ? options.Endpoints : DemoEndpoints.All(options.ListenAddress);
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Port != 0)
                endpoint.Port += options.PortOffset;
        }

        return new SwitchSettings { Endpoints = endpoints };
    }
}
