using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Security;
using Processor.Testing;
using Xunit;

namespace Processor.Api.Tests;

/// <summary>The façade as a host composes it, on a free port, with a real Redis and Postgres behind it. Shared by the tests of the
/// collection, each of which has a program of its own.</summary>
public sealed class Facade : IAsyncLifetime
{
    private readonly PostgresFixture postgres = new();
    private readonly RedisFixture redis = new();
    private WebApplication? app;

    internal Stage Stage { get; private set; } = null!;

    internal LogLines Log { get; } = new();

    /// <summary>Every answer that was given, with its headers.</summary>
    internal ConcurrentQueue<string> Answers { get; } = [];

    /// <summary>The ledger as the façade reaches it.</summary>
    internal LedgerLine Line { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    internal IServiceProvider Services => app!.Services;

    internal T Get<T>()
        where T : notnull => app!.Services.GetRequiredService<T>();

    public async Task InitializeAsync()
    {
        await postgres.InitializeAsync();
        await redis.InitializeAsync();
        Stage = await Stage.OpenAsync(postgres, redis);
        var port = FreePorts.Take();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(Log).SetMinimumLevel(LogLevel.Information);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRecords(Stage.Settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(Stage.Vault);
        Line = new LedgerLine(Stage.Ledger, await Stage.OpenDrainedAsync(redis));
        builder.Services.AddSingleton<ILedger>(Line);
        builder.Services.AddSingleton(Stage.Ledger.Cards);
        builder.Services.AddSingleton(Stage.Ledger.Journal);
        builder.Services.AddSingleton<INetworkProfiles, TestNetworks>();
        builder.Services.AddProcessorApi();
        app = builder.Build();
        app.MapProcessorApi();
        await app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
    }

    /// <summary>A program of a test's own, with its key.</summary>
    internal async Task<Caller> CallAsync(string name = "Tenant", CredentialProfile? credentials = null)
    {
        var (program, product) = await Stage.AddProgramAsync(name);
        await Stage.Programs.SetCredentialsAsync(program.Id, credentials, CancellationToken.None);
        Stage.Directory.Replace(await Stage.Programs.ListAsync(CancellationToken.None));
        var key = ApiKey.Create();
        var keyId = Ulid.Create(TimeProvider.System);
        await Get<ApiKeyQueries>().AddAsync(keyId, program.Number, "test", key.Hash.ToArray(), TimeProvider.System.GetUtcNow(), CancellationToken.None);
        return new Caller(this, program, product, key, keyId);
    }

    /// <summary>Another host of the same ledger.</summary>
    internal Task<Ledger<AuthorizationDecide>> OpenOtherHostAsync() => Stage.OpenLedgerAsync(redis);

    public async Task DisposeAsync()
    {
        Http?.Dispose();
        if (app is not null)
            await app.DisposeAsync();
        if (Line is not null)
            await Line.DisposeAsync();
        if (Stage is not null)
            await Stage.DisposeAsync();
        await redis.DisposeAsync();
        await postgres.DisposeAsync();
    }
}
