using Microsoft.Extensions.Logging.Abstractions;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Security;
using Processor.Testing;

namespace Processor.Api.Tests;

/// <summary>A ledger on a real Redis, records on a real Postgres, one program and one product.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("processor-api-").FullName;
    private readonly VaultKeys keys;

    private Stage(string postgres)
    {
        Settings = new RecordsSettings { Postgres = postgres };
        Database = new RecordsDatabase(Settings);
        keys = VaultKeys.LoadOrCreate(Path.Combine(folder, "keys.json"));
        Vault = new PanVault(keys);
        Programs = new ProgramQueries(Database);
        Cards = new CardQueries(Database);
    }

    internal RecordsSettings Settings { get; }

    internal RecordsDatabase Database { get; }

    internal ProgramDirectory Directory { get; } = new();

    internal PanVault Vault { get; }

    internal ProgramQueries Programs { get; }

    internal CardQueries Cards { get; }

    internal ProgramProfile Program { get; private set; } = null!;

    internal CardProduct Product { get; private set; } = null!;

    internal Ledger<AuthorizationDecide> Ledger { get; private set; } = null!;

    internal CardIssuance Issuance => new(Ledger, Ledger.Cards, Cards, Vault, TimeProvider.System);

    internal static async Task<Stage> OpenAsync(PostgresFixture postgres, RedisFixture redis)
    {
        var stage = new Stage(await postgres.CreateDatabaseAsync());
        await redis.Server.FlushAsync();
        await new Migrator(stage.Database, NullLogger<Migrator>.Instance).ApplyAsync(CancellationToken.None);
        (stage.Program, stage.Product) = await stage.AddProgramAsync("Demo");
        stage.Directory.Replace([stage.Program]);
        stage.Ledger = await stage.OpenLedgerAsync(redis);
        return stage;
    }

    /// <summary>A second host of the ledger that takes nothing any more: what is submitted to it is answered as unavailable.</summary>
    internal async Task<Ledger<AuthorizationDecide>> OpenDrainedAsync(RedisFixture redis)
    {
        var ledger = await OpenLedgerAsync(redis);
        await ledger.DrainAsync(CancellationToken.None);
        return ledger;
    }

    /// <summary>A host of the ledger.</summary>
    internal Task<Ledger<AuthorizationDecide>> OpenLedgerAsync(RedisFixture redis) => Ledger<AuthorizationDecide>.OpenAsync(
        new LedgerSettings { Redis = redis.ConnectionString },
        new LedgerRegistry(Database),
        new NoHistory(),
        recovery: null,
        new AuthorizationDecide(Directory, TimeSpan.FromMinutes(10)),
        TimeProvider.System,
        NullLoggerFactory.Instance,
        CancellationToken.None);

    internal async Task<(ProgramProfile Program, CardProduct Product)> AddProgramAsync(string name)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Ulid.Create(TimeProvider.System);
        await Programs.AddAsync(
            new ProgramProfile { Number = 0, Id = id, Name = name, TimeZone = "Europe/Berlin", BinRanges = [new(47617390, 47617390, 8, 16), new(40000012, 40000012, 8, 16)] },
            now,
            CancellationToken.None);
        var program = await Programs.FindAsync(id, CancellationToken.None);
        await Programs.AddProductAsync(
            new CardProduct { Id = Ulid.Create(TimeProvider.System), Program = program!.Number, Name = "Virtual", Currency = Currency.Eur, Options = 7, ExpiryMonths = 36, CreatedAt = now },
            CancellationToken.None);
        return (program, (await Programs.FindDefaultProductAsync(program.Number, CancellationToken.None))!);
    }

    internal CardOrder Order(Pan? pan = null, long balance = 1_000_00) => new()
    {
        CardId = Ulid.Create(TimeProvider.System),
        Program = Program,
        Product = Product,
        Pan = pan,
        Expiry = 3112,
        InitialBalance = balance,
    };

    internal async Task<ReadAccountCommand> ReadAsync(Ulid accountId)
    {
        var read = new ReadAccountCommand { AccountId = accountId };
        await Ledger.RunAsync(read);
        return read;
    }

    public async ValueTask DisposeAsync()
    {
        if (Ledger is not null)
            await Ledger.DisposeAsync();
        await Database.DisposeAsync();
        keys.Dispose();
        System.IO.Directory.Delete(folder, recursive: true);
    }
}
