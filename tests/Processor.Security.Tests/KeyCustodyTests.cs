using Xunit;

namespace Processor.Security.Tests;

/// <summary>Keys in, out and on disk.</summary>
public sealed class KeyCustodyTests
{
    [Fact]
    public async Task A_key_that_left_in_a_key_block_comes_back_the_same()
    {
        using var cards = new HsmCards();
        var outer = await cards.AddAsync("zmk", KeyUsage.KeyEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var made = await cards.Hsm.Keys.GenerateKeyAsync(
            new KeyTemplate("zpk", KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, KeyExportability.Exportable), default);

        var block = await cards.Hsm.Keys.ExportKeyAsync(made.Key!.Key, outer, default);
        var back = await cards.Hsm.Keys.ImportKeyBlockAsync("zpk-2", outer, block.Block, made.Key.CheckValue, default);

        Assert.Equal((HsmStatus.Ok, HsmStatus.Ok), (block.Status, back.Status));
        Assert.Equal((made.Key.CheckValue, made.Key.Usage, made.Key.Mode), (back.Key!.CheckValue, back.Key.Usage, back.Key.Mode));
    }

    public static TheoryData<string> Of(string algorithm) => KnownLine.Of(algorithm);

    [Theory]
    [MemberData(nameof(Of), "tr31.unwrap")]
    public async Task A_known_key_block_is_imported_and_an_old_version_only_where_that_is_set(string id)
    {
        var line = new KnownLine(id);
        var block = System.Text.Encoding.ASCII.GetBytes(line.Text("key_block"));
        foreach (var takesOld in new[] { false, true })
        {
            using var cards = new HsmCards(new SoftwareHsmOptions(ImportsOldKeyBlocks: takesOld));
            var algorithm = block[0] == 'D' ? KeyAlgorithm.Aes : KeyAlgorithm.TripleDes;
            var outer = await cards.AddAsync("kbpk", KeyUsage.KeyBlockProtection, KeyMode.Both, line.Text("kbpk"), algorithm: algorithm);

            var taken = await cards.Hsm.Keys.ImportKeyBlockAsync("key", outer, block, "", default);

            var (status, checkValue) = Outcome(line, block, takesOld);
            Assert.Equal((status, checkValue), (taken.Status, taken.Key?.CheckValue));
            Assert.Equal(status == HsmStatus.Ok ? HsmStatus.Ok : HsmStatus.KeyNotFound, (await cards.Hsm.Keys.GetKeyAsync(new("key", 1), default)).Status);
        }
    }

    [Theory]
    [InlineData('A', HsmStatus.PolicyDenied)]
    [InlineData('B', HsmStatus.Ok)]
    [InlineData('C', HsmStatus.PolicyDenied)]
    [InlineData('D', HsmStatus.Ok)]
    public async Task Without_the_setting_versions_a_and_c_are_refused(char version, HsmStatus expected)
    {
        Assert.Equal(expected, await ImportAsync(new(), version, version == 'D' ? KeyAlgorithm.Aes : KeyAlgorithm.TripleDes));
        Assert.Equal(HsmStatus.Ok, await ImportAsync(new(ImportsOldKeyBlocks: true), version, version == 'D' ? KeyAlgorithm.Aes : KeyAlgorithm.TripleDes));
    }

    [Theory]
    [InlineData('A', KeyAlgorithm.Aes)]
    [InlineData('B', KeyAlgorithm.Aes)]
    [InlineData('C', KeyAlgorithm.Aes)]
    [InlineData('D', KeyAlgorithm.TripleDes)]
    public async Task A_key_protects_no_block_of_a_version_for_another_cipher(char version, KeyAlgorithm algorithm) =>
        Assert.Equal(HsmStatus.KeyUsageDenied, await ImportAsync(new(ImportsOldKeyBlocks: true), version, algorithm));

    [Theory]
    [InlineData(KeyAlgorithm.TripleDes, 'B')]
    [InlineData(KeyAlgorithm.Aes, 'D')]
    public async Task What_leaves_the_module_is_never_in_an_old_version(KeyAlgorithm algorithm, char version)
    {
        using var cards = new HsmCards(new SoftwareHsmOptions(ImportsOldKeyBlocks: true));
        var outer = await cards.AddAsync("zmk", KeyUsage.KeyEncryption, KeyMode.Both, HsmCards.ZoneKey, algorithm: algorithm);
        var free = await cards.AddAsync("free", KeyUsage.CardVerification, KeyMode.GenerateAndVerify, HsmCards.CardKey, KeyExportability.Exportable);

        var block = await cards.Hsm.Keys.ExportKeyAsync(free, outer, default);

        Assert.Equal((HsmStatus.Ok, version), (block.Status, (char)block.Block.Span[0]));
    }

    [Fact]
    public async Task Each_refusal_has_its_own_status()
    {
        using var cards = new HsmCards();
        var outer = await cards.AddAsync("zmk", KeyUsage.KeyEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var kept = await cards.AddAsync("kept", KeyUsage.CardVerification, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        var free = await cards.AddAsync("free", KeyUsage.CardVerification, KeyMode.GenerateAndVerify, HsmCards.CardKey, KeyExportability.Exportable);
        var keys = cards.Hsm.Keys;
        var block = (await keys.ExportKeyAsync(free, outer, default)).Block.ToArray();
        var changed = (byte[])block.Clone();
        changed[7] = (byte)'D';

        Assert.Equal(HsmStatus.PolicyDenied, (await keys.ExportKeyAsync(kept, outer, default)).Status);
        Assert.Equal(HsmStatus.KeyUsageDenied, (await keys.ExportKeyAsync(free, kept, default)).Status);
        Assert.Equal(HsmStatus.KeyBlockAuthFailed, (await keys.ImportKeyBlockAsync("x", outer, changed, "", default)).Status);
        Assert.Equal(HsmStatus.KcvMismatch, (await keys.ImportKeyBlockAsync("x", outer, block, "000000", default)).Status);
        Assert.Equal(HsmStatus.KeyInactive, (await keys.DestroyKeyAsync(free, default)).Status);
        Assert.Equal(HsmStatus.KeyNotFound, (await keys.RetireKeyAsync(new KeyRef("none"), default)).Status);
    }

    [Fact]
    public async Task Keys_outlive_the_module_under_their_master_key_alone()
    {
        var folder = Directory.CreateTempSubdirectory("processor-keys-");
        var path = Path.Combine(folder.FullName, "keys");
        try
        {
            using var master = HsmCards.Master();
            using var other = HsmCards.Master("11", "33");
            var template = new KeyTemplate("imk", KeyUsage.EmvCryptogram, KeyAlgorithm.TripleDes, KeyMode.DeriveOnly);
            KeyInfo made;
            using (var first = SoftwareHsm.Open(path, master, new(), TimeProvider.System))
                made = (await first.Keys.GenerateKeyAsync(template, default)).Key!;
            using (var second = SoftwareHsm.Open(path, master, new(), TimeProvider.System))
                Assert.Equal(made, (await second.Keys.GetKeyAsync(made.Key, default)).Key);

            Assert.Throws<KeyFileException>(() => SoftwareHsm.Open(path, other, new(), TimeProvider.System));
            await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("Pending", "Active", StringComparison.Ordinal));
            Assert.Throws<KeyFileException>(() => SoftwareHsm.Open(path, master, new(), TimeProvider.System));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (HsmStatus Status, string? CheckValue) Outcome(KnownLine line, byte[] block, bool takesOld)
    {
        if (line.Expected.StartsWith("ERR", StringComparison.Ordinal))
            return (line.Expected == "ERR:MAC" ? HsmStatus.KeyBlockAuthFailed : HsmStatus.InvalidInput, null);
        if (block[0] is (byte)'A' or (byte)'C' && !takesOld)
            return (HsmStatus.PolicyDenied, null);

        // Some of the lines have keys that a module has no use for: single DES, or a header whose parts do not go together.
        Assert.Equal(KeyBlockFault.None, KeyBlockHeader.Read(block, out var header));
        var key = line.ExpectedBytes;
        return KeyRules.IsSound(header.Usage, header.Algorithm, header.Mode, header.Exportability, key.Length * 8)
            ? (HsmStatus.Ok, KeyCheckValue.Text(header.Algorithm, key))
            : (HsmStatus.InvalidInput, null);
    }

    private static async Task<HsmStatus> ImportAsync(SoftwareHsmOptions options, char version, KeyAlgorithm outerAlgorithm)
    {
        using var cards = new HsmCards(options);
        var outer = await cards.AddAsync("zmk", KeyUsage.KeyEncryption, KeyMode.Both, HsmCards.ZoneKey, algorithm: outerAlgorithm);
        var header = KeyBlockHeader.Text(version, KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, KeyExportability.Exportable);
        var key = Convert.FromHexString(HsmCards.CardKey);
        var filling = new byte[KeyBlock.FillingLength(version, KeyAlgorithm.TripleDes, key.Length)];
        Assert.Equal(KeyBlockFault.None, KeyBlock.Wrap(Convert.FromHexString(HsmCards.ZoneKey), System.Text.Encoding.ASCII.GetBytes(header), key, filling, out var block));

        var taken = await cards.Hsm.Keys.ImportKeyBlockAsync("key", outer, block, KeyCheckValue.Text(KeyAlgorithm.TripleDes, key), default);

        Assert.Equal(taken.Status == HsmStatus.Ok, taken.Key is not null);
        return taken.Status;
    }
}
