using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Keys in, out and on disk.</summary>
public sealed class KeyCustodyTests
{
    private static readonly string[] Parts = ["11", "22"];

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
            using var master = Master(Parts);
            using var other = Master(["11", "33"]);
            var template = new KeyTemplate("imk", KeyUsage.EmvCryptogram, KeyAlgorithm.TripleDes, KeyMode.DeriveOnly);
            KeyInfo made;
            using (var first = SoftwareHsm.Open(path, master, new()))
                made = (await first.Keys.GenerateKeyAsync(template, default)).Key!;
            using (var second = SoftwareHsm.Open(path, master, new()))
                Assert.Equal(made, (await second.Keys.GetKeyAsync(made.Key, default)).Key);

            Assert.Throws<KeyFileException>(() => SoftwareHsm.Open(path, other, new()));
            await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("Pending", "Active", StringComparison.Ordinal));
            Assert.Throws<KeyFileException>(() => SoftwareHsm.Open(path, master, new()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Damaged_key_blocks_are_refused_with_a_reason()
    {
        var protection = Convert.FromHexString("B8ED59E0A279A295E9F5ED7944FD06B9");
        var block = "C0096B0TX12S0100KS1800604B120F9292800000BFB9B689CB567E66FC3FEE5AD5F52161FC6545B9D60989015D02155C"u8.ToArray();

        Seeds.Run(20261121, random =>
        {
            var key = new byte[64];
            for (var length = 0; length < block.Length; length++)
                Assert.NotEqual(KeyBlockFault.None, KeyBlock.Unwrap(protection, block.AsSpan(0, length), out _, key, out _));
            for (var round = 0; round < 20_000; round++)
            {
                var damaged = (byte[])block.Clone();
                var place = random.Next(damaged.Length);
                damaged[place] = (byte)random.Next(256);
                var isSame = char.ToUpperInvariant((char)damaged[place]) == char.ToUpperInvariant((char)block[place]);
                Assert.Equal(isSame && place >= 40, KeyBlock.Unwrap(protection, damaged, out _, key, out _) == KeyBlockFault.None && place >= 40);
            }
        });
    }

    [Fact]
    public void Damaged_chip_data_is_refused_with_a_reason()
    {
        var tlv = Convert.FromHexString(
            "9F02060000000100009F03060000000000009F1A020840950500000010805F2A0208409A039807049C01009F3704111111118202580"
            + "09F360234569F2608112233445566778" + "89F1007060112030E5B099F270180");

        Assert.Equal(IccStatus.Ok, IccData.TryRead(tlv, out var whole));
        Assert.Equal((0x1122334455667788ul, (ushort)0x3456, (ushort)0x0840), (whole.Cryptogram, whole.Atc, whole.Currency));
        Seeds.Run(20261121, random =>
        {
            for (var length = 0; length < tlv.Length - 4; length++)
                Assert.NotEqual(IccStatus.Ok, IccData.TryRead(tlv.AsSpan(0, length), out _));
            for (var round = 0; round < 50_000; round++)
            {
                var damaged = (byte[])tlv.Clone();
                for (var count = random.Next(1, 6); count > 0; count--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                Assert.True(Enum.IsDefined(IccData.TryRead(damaged, out _)));
            }
        });
    }

    [Fact]
    public void No_pin_block_breaks_the_reader()
    {
        Seeds.Run(20261121, random =>
        {
            for (var round = 0; round < 200_000; round++)
            {
                var format = (PinBlockFormat)random.Next(4);
                var fault = PinBlockCode.Decode(format, (ulong)random.NextInt64(long.MinValue, long.MaxValue), 0x555555123456, out var pin);
                Assert.Equal(fault == PinBlockFault.None, pin.Length is >= 4 and <= 12);
            }
        });
    }

    private static MasterKey Master(string[] parts)
    {
        var components = parts.Select(part => Convert.FromHexString(string.Concat(Enumerable.Repeat(part, 32)))).ToArray();
        var whole = components[0].Zip(components[1], (left, right) => (byte)(left ^ right)).ToArray();
        var status = MasterKey.TryCreate([.. components.Select(part => new KeyComponent(part, Kcv(part)))], Kcv(whole), out var master);
        Assert.Equal(HsmStatus.Ok, status);
        return master!;
    }

    private static string Kcv(byte[] key) => KeyCheckValue.Text(KeyAlgorithm.Aes, key);
}
