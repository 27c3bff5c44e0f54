using System.Globalization;
using System.Text;
using Processor.Cards;
using Processor.Ledger;
using Processor.Security;
using Processor.Testing;
using Xunit;

namespace Processor.Records.Tests;

/// <summary>A PAN is in Postgres only encrypted, and only the vault reads it.</summary>
public sealed class CardSecrecyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task No_row_of_any_table_has_the_digits_of_a_pan()
    {
        await using var records = await Records.CreateAsync(postgres);
        var folder = Directory.CreateTempSubdirectory("processor-secrecy-");
        using var keys = VaultKeys.LoadOrCreate(Path.Combine(folder.FullName, "vault.json"));
        var vault = new PanVault(keys);
        var pan = DemoCards.Everyday;
        var card = await AddCardAsync(records, vault, pan);
        var account = new TestAccount(1).Open(100_00);
        account.Authorize(1, 5_00);
        await records.ProjectAsync(account.Commit());

        var found = await new CardQueries(records.Database).ListByPanAsync([vault.Hash(pan)], CancellationToken.None);
        Assert.Equal(pan, vault.Decrypt(Assert.Single(found).PanCipher, card));

        var digits = new byte[pan.Length];
        pan.CopyDigits(digits);
        var forms = new[] { Encoding.ASCII.GetString(digits), Convert.ToHexStringLower(digits), ulong.Parse(digits, CultureInfo.InvariantCulture).ToString("x", CultureInfo.InvariantCulture) };
        foreach (var table in await records.ListAsync<string>("select table_name from information_schema.tables where table_schema = 'public'"))
        {
            foreach (var row in await records.ListAsync<string>($"select t::text from \"{table}\" as t"))
                Assert.DoesNotContain(forms, form => row.Contains(form, StringComparison.OrdinalIgnoreCase));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_only_columns_about_a_pan_are_its_cipher_and_its_hash()
    {
        await using var records = await Records.CreateAsync(postgres);

        var columns = await records.ListAsync<string>("""
            select table_name || '.' || column_name || ' ' || data_type from information_schema.columns
            where table_schema = 'public' and column_name ~ '(^|_)(pan|track|pin|cvv|secret)(_|$)' order by 1
            """);

        Assert.Equal(["card.initial_pin bytea", "card.pan_cipher bytea", "card.pan_hash uuid", "card_state.pin_tries smallint"], columns);
    }

    private static async Task<Ulid> AddCardAsync(Records records, PanVault vault, Pan pan)
    {
        var now = new TestClock().Now;
        var programs = new ProgramQueries(records.Database);
        await programs.AddAsync(
            new ProgramProfile { Number = 0, Id = new Ulid(1), Name = "Demo", TimeZone = "Europe/Lisbon", BinRanges = [new BinRange(476173, 476173, 6, 16)] },
            now,
            CancellationToken.None);
        var program = (await programs.FindAsync(new Ulid(1), CancellationToken.None))!.Number;
        await programs.AddProductAsync(
            new CardProduct { Id = new Ulid(2), Program = program, Name = "Card", Currency = Currency.Eur, Options = (int)CardOptions.None, ExpiryMonths = 48, CreatedAt = now },
            CancellationToken.None);
        var product = (await programs.FindDefaultProductAsync(program, CancellationToken.None))!.Number;
        var card = new Card
        {
            Id = new Ulid(3),
            Program = program,
            Product = product,
            ProductId = new Ulid(2),
            AccountId = new Ulid(4),
            Currency = Currency.Eur,
            PanCipher = vault.Encrypt(pan, new Ulid(3)),
            PanHash = vault.Hash(pan),
            Bin = "476173",
            Last4 = pan.LastFour.ToString("D4", CultureInfo.InvariantCulture),
            Expiry = 3112,
            CreatedAt = now,
        };
        Assert.True(await new CardQueries(records.Database).AddAsync(card, CancellationToken.None));
        return card.Id;
    }
}
