using System.Text.Json;
using System.Text.Json.Serialization;
using Processor.Cards;

namespace Processor.Records;

/// <summary>Programs and their products in Postgres.</summary>
public sealed class ProgramQueries(RecordsDatabase database)
{
    private const string ProgramColumns =
        "number, id, name, time_zone, is_active, bin_ranges::text as bin_ranges, extract(epoch from hold_period)::bigint as hold_seconds, answers_verification_with_85 as verification85, credentials::text as credentials";

    private const string ProductColumns =
        "number, id, program, name, currency, options, expiry_months, limits::text as limits, is_active, created_at";

    private const string ListSql = $"select {ProgramColumns} from program order by number";

    private const string FindSql = $"select {ProgramColumns} from program where id = @id";

    // A program of that identifier that is there already stays as it is.
    private const string AddSql = """
        insert into program (id, name, time_zone, is_active, bin_ranges, hold_period, answers_verification_with_85, credentials, created_at)
        values (@Id, @Name, @TimeZone, @IsActive, @BinRanges::jsonb, make_interval(secs => @HoldSeconds), @Verification85, @Credentials::jsonb, @CreatedAt)
        on conflict (id) do nothing
        """;

    private const string SetCredentialsSql = "update program set credentials = @credentials::jsonb, version = version + 1 where id = @id";

    private const string FindProductSql = $"select {ProductColumns} from card_product where program = @program and id = @id";

    private const string FindProductByNumberSql = $"select {ProductColumns} from card_product where number = @number";

    // The oldest active product is the program's default.
    private const string DefaultProductSql =
        $"select {ProductColumns} from card_product where program = @program and is_active order by number limit 1";

    private const string AddProductSql = """
        insert into card_product (id, program, name, currency, options, expiry_months, limits, is_active, created_at)
        values (@Id, @Program, @Name, @Currency, @Options, @ExpiryMonths, @Limits::jsonb, @IsActive, @CreatedAt)
        on conflict (id) do nothing
        """;

    /// <summary>All programs, as the ledger's directory wants them.</summary>
    public async Task<IReadOnlyList<ProgramProfile>> ListAsync(CancellationToken cancellation) =>
        [.. (await database.ListAsync<ProgramRow>(ListSql, parameters: null, cancellation)).Select(row => row.ToProfile())];

    /// <summary>One program, or null.</summary>
    public async Task<ProgramProfile?> FindAsync(Ulid id, CancellationToken cancellation) =>
        (await database.FindAsync<ProgramRow>(FindSql, new { id }, cancellation))?.ToProfile();

    /// <summary>Adds a program; its <see cref="ProgramProfile.Number"/> is ignored and given by Postgres. One that is there stays as it is.</summary>
    public Task AddAsync(ProgramProfile program, DateTimeOffset createdAt, CancellationToken cancellation) =>
        database.ExecuteAsync(
            AddSql,
            new
            {
                program.Id,
                program.Name,
                program.TimeZone,
                program.IsActive,
                BinRanges = JsonSerializer.Serialize(program.BinRanges, ProgramJson.Default.IReadOnlyListBinRange),
                HoldSeconds = program.HoldPeriod.TotalSeconds,
                Verification85 = program.AnswersVerificationWith85,
                Credentials = CredentialsText(program.Credentials),
                CreatedAt = createdAt,
            },
            cancellation);

    /// <summary>Sets which credentials a program checks; null for none. Hosts follow within seconds.</summary>
    public Task SetCredentialsAsync(Ulid id, CredentialProfile? credentials, CancellationToken cancellation) =>
        database.ExecuteAsync(SetCredentialsSql, new { id, credentials = CredentialsText(credentials) }, cancellation);

    /// <summary>A product of a program, or null.</summary>
    public Task<CardProduct?> FindProductAsync(int program, Ulid id, CancellationToken cancellation) =>
        database.FindAsync<CardProduct>(FindProductSql, new { program, id }, cancellation);

    /// <summary>The product of that number, or null.</summary>
    public Task<CardProduct?> FindProductAsync(int number, CancellationToken cancellation) =>
        database.FindAsync<CardProduct>(FindProductByNumberSql, new { number }, cancellation);

    /// <summary>The product of which cards are made when none is named, or null when the program has no active one.</summary>
    public Task<CardProduct?> FindDefaultProductAsync(int program, CancellationToken cancellation) =>
        database.FindAsync<CardProduct>(DefaultProductSql, new { program }, cancellation);

    /// <summary>Adds a product; its number is given by Postgres. One that is there stays as it is.</summary>
    public Task AddProductAsync(CardProduct product, CancellationToken cancellation) =>
        database.ExecuteAsync(AddProductSql, product, cancellation);

    private static string? CredentialsText(CredentialProfile? credentials) =>
        credentials is null ? null : JsonSerializer.Serialize(credentials, ProgramJson.Default.CredentialProfile);

    private sealed record ProgramRow
    {
        public int Number { get; init; }

        public Ulid Id { get; init; }

        public string Name { get; init; } = "";

        public string TimeZone { get; init; } = "";

        public bool IsActive { get; init; }

        public string BinRanges { get; init; } = "";

        public long HoldSeconds { get; init; }

        public bool Verification85 { get; init; }

        public string? Credentials { get; init; }

        internal ProgramProfile ToProfile() => new()
        {
            Number = Number,
            Id = Id,
            Name = Name,
            TimeZone = TimeZone,
            IsActive = IsActive,
            BinRanges = JsonSerializer.Deserialize(BinRanges, ProgramJson.Default.IReadOnlyListBinRange) ?? [],
            HoldPeriod = TimeSpan.FromSeconds(HoldSeconds),
            AnswersVerificationWith85 = Verification85,
            Credentials = Credentials is null ? null : JsonSerializer.Deserialize(Credentials, ProgramJson.Default.CredentialProfile),
        };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<BinRange>))]
[JsonSerializable(typeof(CredentialProfile))]
internal sealed partial class ProgramJson : JsonSerializerContext;
