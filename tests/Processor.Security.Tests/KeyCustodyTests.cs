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
}
