using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Processor.Cards;
using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

public sealed class PanVaultTests : IDisposable
{
    private static readonly Ulid Card = new(7);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("processor-vault-");
    private readonly VaultKeys keys;
    private readonly PanVault vault;

    public PanVaultTests()
    {
        keys = VaultKeys.LoadOrCreate(Path.Combine(folder.FullName, "vault.json"));
        vault = new PanVault(keys);
    }

    [Theory]
    [InlineData("12345678")]
    [InlineData("4761739001010010")]
    [InlineData("0000000000000000")]
    [InlineData("9999999999999999999")]
    public void A_pan_comes_back_as_it_went_in(string digits)
    {
        var pan = Read(digits);

        var cipher = vault.Encrypt(pan, Card);

        Assert.Equal(pan, vault.Decrypt(cipher, Card));
        Assert.DoesNotContain(digits, Encoding.Latin1.GetString(cipher), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_pan_is_encrypted_to_other_bytes_each_time()
    {
        var pan = DemoCards.Everyday;

        Assert.NotEqual(vault.Encrypt(pan, Card), vault.Encrypt(pan, Card));
    }

    [Fact]
    public void No_byte_can_be_changed_unnoticed()
    {
        var cipher = vault.Encrypt(DemoCards.Everyday, Card);

        for (var index = 0; index < cipher.Length; index++)
        {
            var changed = (byte[])cipher.Clone();
            changed[index] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => vault.Decrypt(changed, Card));
        }
    }

    [Fact]
    public void No_byte_can_be_cut_off_unnoticed()
    {
        var cipher = vault.Encrypt(DemoCards.Everyday, Card);

        for (var length = 0; length < cipher.Length; length++)
            Assert.ThrowsAny<CryptographicException>(() => vault.Decrypt(cipher.AsSpan(0, length), Card));
    }

    [Fact]
    public void An_encrypted_pan_does_not_move_to_another_card()
    {
        var cipher = vault.Encrypt(DemoCards.Everyday, Card);

        Assert.ThrowsAny<CryptographicException>(() => vault.Decrypt(cipher, new Ulid(8)));
    }

    [Fact]
    public void The_hash_is_the_first_half_of_the_keyed_hash_of_the_digits()
    {
        var path = Path.Combine(folder.FullName, "known.json");
        var key = Enumerable.Range(0, VaultKeys.KeyLength).Select(value => (byte)value).ToArray();
        KeyFiles.Write(path, $$"""{ "layout": 1, "hash": "{{Convert.ToBase64String(key)}}", "encryption": { "1": "{{Convert.ToBase64String(key)}}" } }""");
        using var known = VaultKeys.LoadOrCreate(path);

        var hash = new PanVault(known).Hash(DemoCards.Everyday);

        var expected = HMACSHA256.HashData(key, "4761739001010010"u8);
        Assert.Equal(Convert.ToHexStringLower(expected)[..32], hash.ToString());
    }

    [Fact]
    public void Another_key_gives_another_hash()
    {
        using var others = VaultKeys.LoadOrCreate(Path.Combine(folder.FullName, "other.json"));

        Assert.NotEqual(vault.Hash(DemoCards.Everyday), new PanVault(others).Hash(DemoCards.Everyday));
        Assert.NotEqual(vault.Hash(DemoCards.Everyday), vault.Hash(DemoCards.Poor));
    }

    [Fact]
    public void Hashing_allocates_nothing()
    {
        Assert.Equal(0, Allocation.LeastBytes(() =>
        {
            for (var run = 0; run < 10_000; run++)
                vault.Hash(DemoCards.Everyday);
        }));
    }

    [Fact]
    public void Nothing_that_holds_a_key_prints_it()
    {
        var printed = string.Create(CultureInfo.InvariantCulture, $"{keys} {vault}");

        Assert.Equal("VaultKeys **** PanVault ****", printed);
    }

    [Fact]
    public void Keys_that_were_cleared_are_not_used()
    {
        keys.Dispose();

        Assert.Throws<ObjectDisposedException>(() => vault.Hash(DemoCards.Everyday));
        Assert.Throws<ObjectDisposedException>(() => vault.Encrypt(DemoCards.Everyday, Card));
    }

    public void Dispose()
    {
        keys.Dispose();
        folder.Delete(recursive: true);
    }

    private static Pan Read(string digits) =>
        Pan.TryFromDigits(Encoding.ASCII.GetBytes(digits), out var pan) ? pan : throw new ArgumentException("Not a PAN.", nameof(digits));
}
