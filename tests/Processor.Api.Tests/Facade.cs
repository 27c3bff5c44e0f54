using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
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
    /// <summary>The module's key under which PINs are kept.</summary>
    internal const string StoreKey = "pin-store";

    /// <summary>The module's key of PVVs.</summary>
    internal const string VerificationKey = "pvk-visa";

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
        builder.Services.AddSingleton<IHsm>(await OpenModuleAsync());
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

    /// <summary>A module in memory with the demo's keys, and keys under which PINs are kept.</summary>
    private static async Task<SoftwareHsm> OpenModuleAsync()
    {
        var hsm = SoftwareHsm.InMemory(new SoftwareHsmOptions());
        await DemoKeys.AddToAsync(hsm.Keys, CancellationToken.None);
        foreach (var template in new[]
        {
            new KeyTemplate(StoreKey, KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both),
            new KeyTemplate(VerificationKey, KeyUsage.PinVerificationVisa, KeyAlgorithm.TripleDes, KeyMode.GenerateAndVerify),
        })
        {
            var made = await hsm.Keys.GenerateKeyAsync(template, CancellationToken.None);
            await hsm.Keys.ActivateKeyAsync(made.Key!.Key, CancellationToken.None);
        }

        return hsm;
    }

    /// <summary>Writes what the projector would of a card's chip, after the projector itself wrote what it has.</summary>
    internal async Task NoteScriptAsync(Ulid cardId, int number, int resultNumber, byte result)
    {
        await using var source = NpgsqlDataSource.Create(Stage.Settings.Postgres);
        await using var command = source.CreateCommand(
            "update card_state set script_number = $2, script_result_number = $3, script_result = $4 where card_id = $1");
        command.Parameters.AddWithValue(cardId.ToGuid());
        command.Parameters.AddWithValue(number);
        command.Parameters.AddWithValue(resultNumber);
        command.Parameters.AddWithValue((short)result);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await command.ExecuteNonQueryAsync() == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(2), patience.Token);
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
