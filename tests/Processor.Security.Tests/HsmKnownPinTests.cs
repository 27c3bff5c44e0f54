using System.Globalization;
using System.Text;
using Processor.Cards;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Known answers of PINs asked of the module itself.</summary>
public sealed class HsmKnownPinTests : IDisposable
{
    private readonly HsmCards cards = new();

    public static TheoryData<string> Of(string algorithm) => KnownLine.Of(algorithm);

    public void Dispose() => cards.Dispose();

    [Theory]
    [MemberData(nameof(Of), "pvv.visa")]
    public async Task A_pvv_is_made_and_verified(string id)
    {
        var line = new KnownLine(id);
        var key = await cards.AddAsync("pvk", KeyUsage.PinVerificationVisa, KeyMode.GenerateAndVerify, line.Text("pvk"));

        await VerifyAsync(line, line.Text("pin"), PinReference.VisaPvv(key, (byte)line.Decimal("pvki"), default), line.Expected, value => PinReference.VisaPvv(key, (byte)line.Decimal("pvki"), value));
    }

    [Theory]
    [MemberData(nameof(Of), "ibm3624.pin")]
    [MemberData(nameof(Of), "ibm3624.offset")]
    public async Task An_offset_is_made_and_verified(string id)
    {
        var line = new KnownLine(id);
        var key = await cards.AddAsync("pvk", KeyUsage.PinVerificationIbm, KeyMode.GenerateAndVerify, line.Text("pvk"));
        var profile = new Ibm3624Profile(line.Text("dec_table"), line.Decimal("pan_verify_offset"), line.Decimal("pan_verify_length"), line.Text("pan_pad")[0]);
        var (pin, offset) = line.Has("pin") ? (line.Text("pin"), line.Expected) : (line.Expected, line.Text("offset"));

        await VerifyAsync(line, pin, PinReference.Ibm3624(key, profile, default), offset, value => PinReference.Ibm3624(key, profile, value));
    }

    [Theory]
    [MemberData(nameof(Of), "dukpt.tdes_pin")]
    [MemberData(nameof(Of), "dukpt.aes_pin")]
    public async Task A_pin_of_a_terminal_is_recovered(string id)
    {
        var line = new KnownLine(id);
        var isAes = line.ExpectedBytes.Length == 16;
        var key = await cards.AddAsync("bdk", KeyUsage.BaseDerivation, KeyMode.DeriveOnly, line.Text("bdk"), algorithm: isAes ? KeyAlgorithm.Aes : KeyAlgorithm.TripleDes);
        Assert.True(KeySerialNumber.TryFrom(line.Bytes("ksn"), out var ksn));

        // The module derives PIN keys as long as the base key, and every line asks for such a one.
        Assert.Equal(isAes ? string.Create(CultureInfo.InvariantCulture, $"AES{4 * line.Text("bdk").Length}") : "", line.Text("key_type", ""));
        await OpensAsync(Input(key, isAes ? PinBlockFormat.Iso4 : PinBlockFormat.Iso0, line.ExpectedBytes, HsmCards.Read(line.Text("pan")), ksn), line.Text("pin"));
    }

    [Theory]
    [MemberData(nameof(Of), "pinblock.iso0.encrypt_tdes")]
    [MemberData(nameof(Of), "pinblock.iso4.encrypt")]
    [MemberData(nameof(Of), "pinblock.decrypt_tdes")]
    [MemberData(nameof(Of), "pinblock.iso4.decrypt")]
    public async Task A_block_of_a_zone_opens_to_its_pin_or_not_at_all(string id)
    {
        var line = new KnownLine(id);
        var isAes = line.Algorithm.StartsWith("pinblock.iso4", StringComparison.Ordinal);
        var format = isAes ? PinBlockFormat.Iso4 : (PinBlockFormat)int.Parse(line.Text("format", "0"), CultureInfo.InvariantCulture);
        var key = await cards.AddAsync("zone", KeyUsage.PinEncryption, KeyMode.Both, line.Text("key"), algorithm: isAes ? KeyAlgorithm.Aes : KeyAlgorithm.TripleDes);
        var block = line.Has("block") ? line.Bytes("block") : line.ExpectedBytes;

        // One line has a PAN of a single digit, which no card has.
        if (!Pan.TryFromDigits(Encoding.ASCII.GetBytes(line.Text("pan")), out var pan))
            Assert.Equal("PUB-pinblock.iso4.decrypt-001", id);
        await OpensAsync(Input(key, format, block, pan), pan.Length == 0 ? "ERR" : line.Text("pin", line.Expected));
    }

    [Theory]
    [MemberData(nameof(Of), "pinblock.translate")]
    public async Task A_translated_pin_is_the_same_under_the_other_key(string id)
    {
        var line = new KnownLine(id);
        var (source, target) = (FormatOf(line.Text("format_in")), FormatOf(line.Text("format_out")));
        var here = await cards.AddAsync("in", KeyUsage.PinEncryption, KeyMode.Both, line.Text("key_in"), algorithm: AlgorithmOf(source));
        var there = await cards.AddAsync("out", KeyUsage.PinEncryption, KeyMode.Both, line.Text("key_out"), algorithm: AlgorithmOf(target));
        var pan = HsmCards.Read(line.Text("pan"));

        var made = await cards.Hsm.TranslatePinAsync(Input(here, source, line.Bytes("block_in"), pan), there, target, default);

        // Format 0 has nothing random; in format 4 the line's block and the module's hold the same PIN.
        Assert.Equal(HsmStatus.Ok, made.Status);
        if (target == PinBlockFormat.Iso0)
            Assert.Equal(line.Expected, PayShieldRig.Text(made.Block));
        Assert.Equal(await OpenedAsync(Input(there, target, line.ExpectedBytes, pan)), await OpenedAsync(new PinInput { Key = there, Format = target, Block = made.Block, Pan = pan }));
    }

    private static KeyAlgorithm AlgorithmOf(PinBlockFormat format) => format == PinBlockFormat.Iso4 ? KeyAlgorithm.Aes : KeyAlgorithm.TripleDes;

    private static PinBlockFormat FormatOf(string digit) => (PinBlockFormat)int.Parse(digit, CultureInfo.InvariantCulture);

    private static PinInput Input(KeyRef key, PinBlockFormat format, byte[] bytes, Pan pan, KeySerialNumber ksn = default)
    {
        Assert.True(PinBlock.TryFrom(bytes, out var block));
        return new() { Key = key, Format = format, Block = block, Pan = pan, Ksn = ksn };
    }

    private async Task VerifyAsync(KnownLine line, string pin, PinReference method, string value, Func<SecretDigits, PinReference> of)
    {
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var pan = HsmCards.Read(line.Text("pan"));
        Assert.True(SecretDigits.TryFromDigits(Encoding.ASCII.GetBytes(value), out var digits));
        var other = pin[..^1] + (pin[^1] == '9' ? '0' : (char)(pin[^1] + 1));

        var made = await cards.Hsm.GeneratePinReferenceAsync(HsmCards.Input(zone, pin, pan: pan), method, default);

        Assert.Equal((HsmStatus.Ok, digits), (made.Status, made.Reference.Value));
        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyPinAsync(HsmCards.Input(zone, pin, pan: pan), of(digits), default));
        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyPinAsync(HsmCards.Input(zone, other, pan: pan), of(digits), default));
    }

    private async Task OpensAsync(PinInput pin, string expected)
    {
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);

        var translated = await cards.Hsm.TranslatePinAsync(pin, zone, PinBlockFormat.Iso0, default);

        if (expected.StartsWith("ERR", StringComparison.Ordinal))
            Assert.Equal((HsmStatus.PinBlockInvalid, ""), (translated.Status, PayShieldRig.Text(translated.Block)));
        else
            Assert.Equal((HsmStatus.Ok, PayShieldRig.Text(HsmCards.Input(zone, expected, pan: pin.Pan).Block)), (translated.Status, PayShieldRig.Text(translated.Block)));
    }

    private async Task<string> OpenedAsync(PinInput pin)
    {
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var translated = await cards.Hsm.TranslatePinAsync(pin, zone, PinBlockFormat.Iso0, default);
        Assert.Equal(HsmStatus.Ok, translated.Status);
        return PayShieldRig.Text(translated.Block);
    }
}
