using Processor.Api;
using Processor.Cards;
using Processor.Ledger;
using Processor.Records;
using Processor.Security;

namespace Processor.Host;

/// <summary>Makes the demo program, its product, its API key and its cards, through the same code as the façade. Seeding twice changes nothing.</summary>
internal sealed class DemoSeed(
    ProgramQueries programs, ApiKeyQueries keys, CardIssuance issuance, SecurityModule module, TimeProvider clock, ILogger<DemoSeed> log)
{
    // Fixed, so that every start finds what an earlier one made.
    private static readonly Ulid ProgramId = new(new UInt128(0x0190_0000_0000_0000, 1));
    private static readonly Ulid ProductId = new(new UInt128(0x0190_0000_0000_0000, 2));
    private static readonly short Expiry = short.Parse(DemoCards.Expiry, System.Globalization.CultureInfo.InvariantCulture);

    // Minor units of EUR.
    private const long Thousand = 100_000;
    private const long Ten = 1_000;
    private const long Million = 100_000_000;
    private const long EverydayLimit = 50_000;

    internal async Task RunAsync(ProcessorOptions options, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (module.Keys is { } custody)
            await DemoKeys.AddToAsync(custody, cancellation);
        await programs.AddAsync(Profile(), now, cancellation);
        var program = await programs.FindAsync(ProgramId, cancellation) ?? throw new InvalidOperationException("The demo program is not there.");
        if (module.Keys is not null && program.Credentials is null)
            await programs.SetCredentialsAsync(ProgramId, Credentials(), cancellation);
        await programs.AddProductAsync(Product(program, now), cancellation);
        var product = await programs.FindProductAsync(program.Number, ProductId, cancellation) ?? throw new InvalidOperationException("The demo product is not there.");
        if (options.DemoApiKeyFile.Length > 0)
            await keys.AddAsync(Ulid.Create(clock), program.Number, "demo", ApiKeyHash.Of(ReadKey(options.DemoApiKeyFile)).ToArray(), now, cancellation);
        await issuance.IssueAllAsync(Orders(program, product), cancellation);
        await issuance.IssueAllAsync(Enumerable.Range(0, options.DemoLoadCards).Select(index => Order(program, product, DemoCards.PanOf(index), Million)), cancellation);
        HostLog.Seeded(log, options.DemoLoadCards);
    }

    private static ProgramProfile Profile() => new()
    {
        Number = 0,
        Id = ProgramId,
        Name = "Demo",
        TimeZone = "Europe/Berlin",
        BinRanges = [new BinRange(47617390, 47617390, 8, 16), new BinRange(40000012, 40000012, 8, 16)],
    };

    /// <summary>What came is checked; nothing is demanded, so that a message without credentials is decided as well.</summary>
    private static CredentialProfile Credentials() => new()
    {
        ValueKey = DemoKeys.CardValues,
        TrackKey = DemoKeys.CardValues,
        CryptogramKey = DemoKeys.Cryptograms,
        IntegrityKey = DemoKeys.Integrity,
        ConfidentialityKey = DemoKeys.Confidentiality,
        ChipPinKey = DemoKeys.ChipPins,
        PinKey = DemoKeys.Pins,
        PinEntryKey = DemoKeys.ZonePins,
        ServiceCode = DemoCard.ServiceCode,
        CounterGapMax = ushort.MaxValue,
    };

    private static CardProduct Product(ProgramProfile program, DateTimeOffset now) => new()
    {
        Id = ProductId,
        Program = program.Number,
        Name = "Demo EUR prepaid",
        Currency = Currency.Eur,
        Options = (int)(CardOptions.PartialApproval | CardOptions.Cash | CardOptions.Verification),
        ExpiryMonths = 60,
        CreatedAt = now,
    };

    private IEnumerable<CardOrder> Orders(ProgramProfile program, CardProduct product)
    {
        var limits = LimitRecord.None(Currency.Eur.Numeric);
        limits.All.DayAmount = EverydayLimit;
        yield return Order(program, product, DemoCards.Everyday, Thousand) with { Limits = limits };
        yield return Order(program, product, DemoCards.Poor, Ten);
        yield return Order(program, product, DemoCards.Frozen, Thousand) with { Status = CardStatus.Frozen };
        yield return Order(program, product, DemoCards.Unlimited, Million);
    }

    private CardOrder Order(ProgramProfile program, CardProduct product, Pan pan, long balance) => new()
    {
        CardId = Ulid.Create(clock),
        Program = program,
        Product = product,
        Pan = pan,
        Expiry = Expiry,
        InitialBalance = balance,
    };

    /// <summary>The key in the file; a new one, readable by its owner alone, when there is no file.</summary>
    private static string ReadKey(string path)
    {
        if (!File.Exists(path))
            WriteKey(path, ApiKey.Create());
        return File.ReadAllText(path).Trim();
    }

    // Whole or not at all: another host may start on the same folder at the same moment, and the first one's key is the key.
    private static void WriteKey(string path, ApiKey key)
    {
        var draft = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(new FileStream(draft, options)))
            writer.WriteLine(key.Reveal());
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}
