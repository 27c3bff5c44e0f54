using System.Buffers.Binary;
using Processor.Cards;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>PIN blocks of each format at the module's door: what opens, what is refused, and what may become what.</summary>
public sealed class PinFormatTests : IDisposable
{
    private const string OtherKey = "C1EAC8DA70C1FDF8FED93751A2767CC7";
    private const string Pin = "470193";
    private const ulong Fill = 0xBCDE_FABC_DEFA_BCDE;

    private static readonly PinBlockFormat[] Formats = Enum.GetValues<PinBlockFormat>();

    private readonly HsmCards cards = new();

    /// <summary>PCI PIN requirement 3-3, as a table: from each row's format to each column's.</summary>
    public static TheoryData<PinBlockFormat, PinBlockFormat, bool> Translations()
    {
        string[] table =
        [
            //         to 0123 4
            /* from 0 */ "y..yy",
            /*      1 */ "y..yy",
            /*      2 */ ".....",
            /*      3 */ "y..yy",
            /*      4 */ "y..yy",
        ];
        var all = new TheoryData<PinBlockFormat, PinBlockFormat, bool>();
        foreach (var source in Formats)
        {
            foreach (var target in Formats)
                all.Add(source, target, table[(int)source][(int)target] == 'y');
        }

        return all;
    }

    public void Dispose() => cards.Dispose();

    [Fact]
    public void The_table_has_every_pair_of_formats() => Assert.Equal(25, Translations().Count);

    [Theory]
    [MemberData(nameof(Translations))]
    public void What_may_be_translated_is_what_pci_pin_has(PinBlockFormat source, PinBlockFormat target, bool isAllowed) =>
        Assert.Equal(isAllowed, PinTranslation.IsAllowed(source, target));

    [Theory]
    [MemberData(nameof(Translations))]
    public async Task The_module_keeps_to_the_table_and_the_pin_comes_out_unchanged(PinBlockFormat source, PinBlockFormat target, bool isAllowed)
    {
        var here = await ZoneAsync("here", source, HsmCards.ZoneKey);
        var there = await ZoneAsync("there", target, OtherKey);

        var made = await cards.Hsm.TranslatePinAsync(Input(here, source, HsmCards.ZoneKey, Clear(Pin)), there, target, default);

        if (isAllowed)
            Assert.Equal((HsmStatus.Ok, Pin), (made.Status, Read(made.Block, target, OtherKey)));
        else
            Assert.Equal((HsmStatus.PolicyDenied, 0), (made.Status, made.Block.Length));
    }

    [Theory]
    [InlineData(PinBlockFormat.Iso0)]
    [InlineData(PinBlockFormat.Iso3)]
    [InlineData(PinBlockFormat.Iso4)]
    public async Task A_translated_pin_stays_bound_to_its_card(PinBlockFormat target)
    {
        var here = await ZoneAsync("here", PinBlockFormat.Iso0, HsmCards.ZoneKey);
        var there = await ZoneAsync("there", target, OtherKey);
        var made = await cards.Hsm.TranslatePinAsync(Input(here, PinBlockFormat.Iso0, HsmCards.ZoneKey, Clear(Pin)), there, target, default);
        var ofAnother = new PinInput { Key = there, Format = target, Block = made.Block, Pan = HsmCards.Read("5555555555554444") };

        Assert.Equal(HsmStatus.PinBlockInvalid, (await cards.Hsm.TranslatePinAsync(ofAnother, there, target, default)).Status);
    }

    [Theory]
    [InlineData(PinBlockFormat.Iso0)]
    [InlineData(PinBlockFormat.Iso1)]
    [InlineData(PinBlockFormat.Iso3)]
    [InlineData(PinBlockFormat.Iso4)]
    public async Task A_pin_of_each_length_is_right_and_any_other_is_wrong(PinBlockFormat format)
    {
        var zone = await ZoneAsync("zone", format, HsmCards.ZoneKey);
        foreach (var pin in Enumerable.Range(ClearPin.LengthMin, ClearPin.LengthMax - ClearPin.LengthMin + 1).Select(length => "908172635445"[..length]))
        {
            foreach (var reference in await ReferencesAsync(pin))
            {
                Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyPinAsync(Input(zone, format, HsmCards.ZoneKey, Clear(pin)), reference, default));
                var wrong = Input(zone, format, HsmCards.ZoneKey, Clear("1" + pin[1..]));
                Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyPinAsync(wrong, reference, default));
            }
        }
    }

    [Theory]
    [InlineData(PinBlockFormat.Iso0)]
    [InlineData(PinBlockFormat.Iso1)]
    [InlineData(PinBlockFormat.Iso3)]
    [InlineData(PinBlockFormat.Iso4)]
    public async Task Whatever_is_wrong_with_a_block_the_answer_is_one(PinBlockFormat format)
    {
        var zone = await ZoneAsync("zone", format, HsmCards.ZoneKey);
        var good = Clear(Pin).Field((int)format, Filling(format));
        var damaged = new Dictionary<string, ulong>
        {
            ["another format"] = good ^ (0x7ul << 60),
            ["no length"] = good & ~(0xFul << 56),
            ["a length of 3"] = (good & ~(0xFul << 56)) | (0x3ul << 56),
            ["a length of 13"] = (good & ~(0xFul << 56)) | (0xDul << 56),
            ["no digit first"] = (good & ~(0xFul << 52)) | (0xAul << 52),
            ["no digit last"] = (good & ~(0xFul << 32)) | (0xCul << 32),
        };
        if (format != PinBlockFormat.Iso1)
        {
            damaged["no filler first"] = good & ~(0xFul << 28);
            damaged["no filler last"] = good & ~0xFul;
        }

        foreach (var reference in await ReferencesAsync(Pin))
        {
            Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyPinAsync(Sealed(zone, format, HsmCards.ZoneKey, good), reference, default));
            foreach (var (damage, field) in damaged)
                Assert.Equal((damage, HsmStatus.PinBlockInvalid), (damage, await cards.Hsm.VerifyPinAsync(Sealed(zone, format, HsmCards.ZoneKey, field), reference, default)));
            var whole = Input(zone, format, HsmCards.ZoneKey, Clear(Pin));
            var half = format == PinBlockFormat.Iso4 ? Input(zone, PinBlockFormat.Iso0, HsmCards.ZoneKey, Clear(Pin)).Block : Input(zone, PinBlockFormat.Iso4, HsmCards.ZoneKey, Clear(Pin)).Block;
            PinInput[] others =
            [
                whole with { Block = default }, whole with { Block = half }, whole with { Pan = default }, whole with { Format = (PinBlockFormat)5 },
                Sealed(zone, format, OtherKey, good),
            ];
            foreach (var other in others)
                Assert.Equal(HsmStatus.PinBlockInvalid, await cards.Hsm.VerifyPinAsync(other, reference, default));
            if (format != PinBlockFormat.Iso1)
                Assert.Equal(HsmStatus.PinBlockInvalid, await cards.Hsm.VerifyPinAsync(whole with { Pan = HsmCards.Read("5555555555554444") }, reference, default));
        }
    }

    // Format 2 is what the chip gets; nobody sends it to an issuer, and without a PAN in it one stolen block would fit every card.
    [Fact]
    public async Task A_block_for_the_chip_is_never_a_cardholders_pin()
    {
        var zone = await ZoneAsync("zone", PinBlockFormat.Iso2, HsmCards.ZoneKey);

        foreach (var reference in await ReferencesAsync(Pin))
            Assert.Equal(HsmStatus.PinBlockInvalid, await cards.Hsm.VerifyPinAsync(Input(zone, PinBlockFormat.Iso2, HsmCards.ZoneKey, Clear(Pin)), reference, default));
    }

    [Fact]
    public async Task Random_filling_makes_every_block_of_formats_3_and_4_another()
    {
        var here = await ZoneAsync("here", PinBlockFormat.Iso0, HsmCards.ZoneKey);
        foreach (var format in new[] { PinBlockFormat.Iso3, PinBlockFormat.Iso4 })
        {
            var there = await ZoneAsync("there-" + (int)format, format, OtherKey);
            var blocks = new HashSet<string>();
            for (var count = 0; count < 20; count++)
                blocks.Add(PayShieldRig.Text((await cards.Hsm.TranslatePinAsync(Input(here, PinBlockFormat.Iso0, HsmCards.ZoneKey, Clear(Pin)), there, format, default)).Block));

            Assert.Equal(20, blocks.Count);
        }
    }

    private static ClearPin Clear(string pin)
    {
        Assert.True(ClearPin.TryFrom(System.Text.Encoding.ASCII.GetBytes(pin), out var clear));
        return clear;
    }

    private static ulong Filling(PinBlockFormat format) => format switch
    {
        PinBlockFormat.Iso0 or PinBlockFormat.Iso2 => PinBlockCode.FilledWithF,
        PinBlockFormat.Iso4 => PinBlockCode.FilledWithA,
        _ => Fill,
    };

    private static PinInput Input(KeyRef key, PinBlockFormat format, string zoneKey, ClearPin pin) => Sealed(key, format, zoneKey, pin.Field((int)format, Filling(format)));

    /// <summary>What a terminal or an acquirer does with a PIN field: the card's number added where the format has it, and the key.</summary>
    private static PinInput Sealed(KeyRef key, PinBlockFormat format, string zoneKey, ulong field)
    {
        var bytes = new byte[format == PinBlockFormat.Iso4 ? 16 : 8];
        var digits = Digits();
        if (format == PinBlockFormat.Iso4)
        {
            var aes = new AesKey(Convert.FromHexString(zoneKey));
            BinaryPrimitives.WriteUInt64BigEndian(bytes, field);
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Fill);
            aes.Encrypt(bytes);
            BinaryPrimitives.WriteUInt128BigEndian(bytes, BinaryPrimitives.ReadUInt128BigEndian(bytes) ^ PinBlockCode.PanField4(digits));
            aes.Encrypt(bytes);
        }
        else
        {
            var des = new TripleDesKey(Convert.FromHexString(zoneKey));
            BinaryPrimitives.WriteUInt64BigEndian(bytes, des.Encrypt(format is PinBlockFormat.Iso0 or PinBlockFormat.Iso3 ? field ^ PinBlockCode.PanField(digits) : field));
        }

        Assert.True(PinBlock.TryFrom(bytes, out var block));
        return new() { Key = key, Format = format, Block = block, Pan = HsmCards.Pan };
    }

    private static string Read(PinBlock block, PinBlockFormat format, string zoneKey)
    {
        var bytes = new byte[block.Length];
        block.CopyTo(bytes);
        var fault = PinBlockFault.None;
        ClearPin pin;
        if (format == PinBlockFormat.Iso4)
        {
            var aes = new AesKey(Convert.FromHexString(zoneKey));
            fault = PinBlockCipher.Decrypt4(ref aes, bytes, PinBlockCode.PanField4(Digits()), out pin);
        }
        else
        {
            var des = new TripleDesKey(Convert.FromHexString(zoneKey));
            fault = PinBlockCode.Decode(format, des.Decrypt(BinaryPrimitives.ReadUInt64BigEndian(bytes)), PinBlockCode.PanField(Digits()), out pin);
        }

        Assert.Equal(PinBlockFault.None, fault);
        return pin.Digits.ToString("X" + pin.Length, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static byte[] Digits()
    {
        var digits = new byte[Pan.LengthMax];
        return digits[..HsmCards.Pan.CopyDigits(digits)];
    }

    private Task<KeyRef> ZoneAsync(string id, PinBlockFormat format, string key) =>
        cards.AddAsync(id, KeyUsage.PinEncryption, KeyMode.Both, key, algorithm: format == PinBlockFormat.Iso4 ? KeyAlgorithm.Aes : KeyAlgorithm.TripleDes);

    /// <summary>The same PIN by each of the three ways to check it.</summary>
    private async Task<PinReference[]> ReferencesAsync(string pin)
    {
        var maker = await ZoneAsync("maker", PinBlockFormat.Iso0, HsmCards.ZoneKey);
        var pvk = await cards.AddAsync("pvk", KeyUsage.PinVerificationVisa, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        var ibm = await cards.AddAsync("ibm", KeyUsage.PinVerificationIbm, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        var store = await ZoneAsync("store", PinBlockFormat.Iso4, OtherKey);
        var references = new List<PinReference>();
        foreach (var method in new[] { PinReference.VisaPvv(pvk, 1, default), PinReference.Ibm3624(ibm, new Ibm3624Profile(), default), PinReference.Stored(store, PinBlockFormat.Iso4, default) })
        {
            var made = await cards.Hsm.GeneratePinReferenceAsync(Input(maker, PinBlockFormat.Iso0, HsmCards.ZoneKey, Clear(pin)), method, default);
            Assert.Equal(HsmStatus.Ok, made.Status);
            references.Add(made.Reference);
        }

        return [.. references];
    }
}
