using System.Globalization;
using Processor.Cards;
using Xunit;

namespace Processor.Security.Tests;

public sealed class VaultKeysTests : IDisposable
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string Good = $$"""{ "layout": 1, "hash": "{{Key}}", "encryption": { "1": "{{Key}}" } }""";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("processor-keys-");

    private string Path => System.IO.Path.Combine(folder.FullName, "inner", "vault.json");

    [Fact]
    public void A_new_key_file_can_be_read_by_its_owner_alone()
    {
        using var keys = VaultKeys.LoadOrCreate(Path);

        Assert.Equal(KeyFiles.OwnerOnly, ModeOf(Path));
        Assert.Equal([Path], Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!));
    }

    [Fact]
    public void A_key_file_is_made_once_and_then_read()
    {
        using var first = VaultKeys.LoadOrCreate(Path);
        var text = File.ReadAllText(Path);

        using var second = VaultKeys.LoadOrCreate(Path);

        Assert.Equal(text, File.ReadAllText(Path));
        Assert.Equal(new PanVault(first).Hash(DemoCards.Poor), new PanVault(second).Hash(DemoCards.Poor));
        Assert.Equal(DemoCards.Poor, new PanVault(second).Decrypt(new PanVault(first).Encrypt(DemoCards.Poor, new Ulid(1)), new Ulid(1)));
    }

    [Fact]
    public async Task Hosts_that_start_at_once_end_with_the_same_keys()
    {
        var hashes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using var keys = VaultKeys.LoadOrCreate(Path);
            return new PanVault(keys).Hash(DemoCards.Poor);
        })));

        Assert.Single(hashes.Distinct());
        Assert.Single(Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!));
    }

    [Theory]
    [InlineData("0640")]
    [InlineData("0604")]
    [InlineData("0620")]
    [InlineData("0601")]
    public void A_key_file_that_others_can_reach_is_refused_by_name_and_mode(string octal)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        KeyFiles.Write(Path, Good, (UnixFileMode)Convert.ToInt32(octal, 8));

        var refusal = Assert.Throws<KeyFileException>(() => VaultKeys.LoadOrCreate(Path));

        Assert.Contains(Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(octal, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData($$"""{ "layout": 2, "hash": "{{Key}}", "encryption": { "1": "{{Key}}" } }""")]
    [InlineData($$"""{ "layout": 1, "encryption": { "1": "{{Key}}" } }""")]
    [InlineData($$"""{ "layout": 1, "hash": "{{Key}}", "encryption": { } }""")]
    [InlineData($$"""{ "layout": 1, "hash": "{{Key}}", "encryption": { "0": "{{Key}}" } }""")]
    [InlineData($$"""{ "layout": 1, "hash": "{{Key}}", "encryption": { "256": "{{Key}}" } }""")]
    [InlineData($$"""{ "layout": 1, "hash": "{{Key}}", "encryption": { "1": "{{Key}}", "1": "{{Key}}" } }""")]
    [InlineData($$"""{ "layout": 1, "hash": "AAECAwQ=", "encryption": { "1": "{{Key}}" } }""")]
    [InlineData($$"""{ "layout": 1, "hash": 7, "encryption": { "1": "{{Key}}" } }""")]
    [InlineData($$"""{ "layout": 1, "hash": "{{Key}}", "encryption": { "1": "{{Key}}" }, "more": 1 }""")]
    public void A_damaged_key_file_is_refused_and_never_replaced(string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        KeyFiles.Write(Path, text);

        var refusal = Assert.Throws<KeyFileException>(() => VaultKeys.LoadOrCreate(Path));

        Assert.DoesNotContain(Key, refusal.ToString(), StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Path));
    }

    [Fact]
    public void A_new_version_encrypts_and_the_old_one_still_decrypts()
    {
        const string Newer = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        KeyFiles.Write(Path, Good);
        using var old = VaultKeys.LoadOrCreate(Path);
        var cipher = new PanVault(old).Encrypt(DemoCards.Poor, new Ulid(1));

        KeyFiles.Write(Path, $$"""{ "layout": 1, "hash": "{{Key}}", "encryption": { "1": "{{Key}}", "2": "{{Newer}}" } }""");
        using var both = VaultKeys.LoadOrCreate(Path);

        Assert.Equal(DemoCards.Poor, new PanVault(both).Decrypt(cipher, new Ulid(1)));
        Assert.Equal(2, new PanVault(both).Encrypt(DemoCards.Poor, new Ulid(1))[0]);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static UnixFileMode ModeOf(string path) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException(CultureInfo.InvariantCulture.Name) : File.GetUnixFileMode(path);
}
