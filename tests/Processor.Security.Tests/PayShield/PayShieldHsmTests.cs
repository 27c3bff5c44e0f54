using System.Text;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>What the adapter answers when the device answers: the same as the software module with the same keys.</summary>
public sealed class PayShieldHsmTests
{
    [Theory]
    [InlineData(CardValueKind.Cvv)]
    [InlineData(CardValueKind.Cvv2)]
    [InlineData(CardValueKind.Icvv)]
    [InlineData(CardValueKind.Cavv)]
    public async Task A_card_value_is_right_when_the_software_module_says_so(CardValueKind kind)
    {
        await using var rig = await PayShieldRig.StartAsync();
        var request = PayShieldRig.Cvv(kind: kind);
        var right = (await rig.Cards.Hsm.GenerateCardValueAsync(request, 3, default)).Value;
        var wrong = SecretDigits.FromNumber((right.Reveal() + 1) % 1000, 3);

        Assert.Equal(HsmStatus.Ok, await rig.Hsm.VerifyCardValueAsync(request, right, default));
        Assert.Equal(HsmStatus.VerificationFailed, await rig.Hsm.VerifyCardValueAsync(request, wrong, default));
        Assert.Equal(right, (await rig.Hsm.GenerateCardValueAsync(request, 3, default)).Value);
    }

    [Theory]
    [InlineData(PinBlockFormat.Iso0)]
    [InlineData(PinBlockFormat.Iso3)]
    public async Task A_pin_is_checked_by_pvv_and_by_offset(PinBlockFormat format)
    {
        await using var rig = await PayShieldRig.StartAsync();
        var (right, wrong) = (await Translated(rig, "4711", format), await Translated(rig, "4712", format));
        foreach (var method in new[] { PinReference.VisaPvv(new("pvk"), 1, default), PinReference.Ibm3624(new("ibm"), new Ibm3624Profile(), default) })
        {
            var reference = (await rig.Cards.Hsm.GeneratePinReferenceAsync(right, method, default)).Reference;

            Assert.Equal(HsmStatus.Ok, await rig.Hsm.VerifyPinAsync(right, reference, default));
            Assert.Equal(HsmStatus.VerificationFailed, await rig.Hsm.VerifyPinAsync(wrong, reference, default));
        }
    }

    [Fact]
    public async Task A_pin_of_another_length_than_its_offset_is_told()
    {
        await using var rig = await PayShieldRig.StartAsync();
        var zone = new KeyRef("zpk");
        var method = PinReference.Ibm3624(new("ibm"), new Ibm3624Profile(), default);
        var reference = (await rig.Cards.Hsm.GeneratePinReferenceAsync(HsmCards.Input(zone, "47110"), method, default)).Reference;

        Assert.Equal(HsmStatus.Ok, await rig.Hsm.VerifyPinAsync(HsmCards.Input(zone, "47110"), reference, default));
        Assert.Equal(HsmStatus.PinLengthInvalid, await rig.Hsm.VerifyPinAsync(HsmCards.Input(zone, "4711"), reference, default));
    }

    [Fact]
    public async Task A_terminals_key_checks_and_translates_pins()
    {
        await using var rig = await PayShieldRig.StartAsync();
        var pin = Terminal("4711");
        var zone = HsmCards.Input(new("zpk"), "4711");
        foreach (var method in new[] { PinReference.VisaPvv(new("pvk"), 1, default), PinReference.Ibm3624(new("ibm"), new Ibm3624Profile(), default) })
        {
            var reference = (await rig.Cards.Hsm.GeneratePinReferenceAsync(zone, method, default)).Reference;

            Assert.Equal(HsmStatus.Ok, await rig.Hsm.VerifyPinAsync(pin, reference, default));
            Assert.Equal(HsmStatus.VerificationFailed, await rig.Hsm.VerifyPinAsync(Terminal("4712"), reference, default));
        }

        var translated = await rig.Hsm.TranslatePinAsync(pin, new("zpk"), PinBlockFormat.Iso0, default);

        Assert.Equal((HsmStatus.Ok, PayShieldRig.Text(zone.Block)), (translated.Status, PayShieldRig.Text(translated.Block)));
    }

    [Fact]
    public async Task A_pvv_is_made_as_it_is_checked()
    {
        await using var rig = await PayShieldRig.StartAsync();
        var pin = HsmCards.Input(new("zpk"), "4711");

        var made = await rig.Hsm.GeneratePinReferenceAsync(pin, PinReference.VisaPvv(new("pvk"), 2, default), default);

        Assert.Equal(HsmStatus.Ok, made.Status);
        Assert.Equal(HsmStatus.Ok, await rig.Cards.Hsm.VerifyPinAsync(pin, made.Reference, default));
    }

    [Fact]
    public async Task A_pin_is_translated_where_pci_pin_allows_it()
    {
        await using var rig = await PayShieldRig.StartAsync();
        var pin = HsmCards.Input(new("zpk"), "4711");
        var other = new KeyRef("other");

        var ours = await rig.Hsm.TranslatePinAsync(pin, other, PinBlockFormat.Iso0, default);
        var theirs = await rig.Cards.Hsm.TranslatePinAsync(pin, other, PinBlockFormat.Iso0, default);

        Assert.Equal((HsmStatus.Ok, PayShieldRig.Text(theirs.Block)), (ours.Status, PayShieldRig.Text(ours.Block)));
        Assert.Equal(HsmStatus.PolicyDenied, (await rig.Hsm.TranslatePinAsync(pin, other, PinBlockFormat.Iso1, default)).Status);
        Assert.Equal(HsmStatus.UnsupportedProfile, (await rig.Hsm.TranslatePinAsync(pin, other, PinBlockFormat.Iso4, default)).Status);
    }

    [Fact]
    public async Task A_block_that_holds_no_pin_gets_one_answer()
    {
        await using var rig = await PayShieldRig.StartAsync();
        var reference = PinReference.VisaPvv(new("pvk"), 1, HsmCards.Digits(1, 4));
        var underAnother = HsmCards.Input(new("zpk"), "4711", HsmCards.CardKey);
        var ofFormat2 = new PinInput { Key = new("zpk"), Format = PinBlockFormat.Iso2, Block = underAnother.Block, Pan = HsmCards.Pan };

        Assert.Equal(HsmStatus.PinBlockInvalid, await rig.Hsm.VerifyPinAsync(underAnother, reference, default));
        Assert.Equal(HsmStatus.PinBlockInvalid, await rig.Hsm.VerifyPinAsync(ofFormat2, reference, default));
    }

    [Theory]
    [InlineData(EmvProfile.VisaCvn10, "06010A03A06010")]
    [InlineData(EmvProfile.VisaCvn18, "060112030E5B09")]
    [InlineData(EmvProfile.VisaCvn22, "1F22010304DC3600000000000000000000000000000000000000000000000000")]
    [InlineData(EmvProfile.MChip10, "0110A000032200000000")]
    [InlineData(EmvProfile.MChip11, "0111A000032200000000A3559B40779BC831")]
    [InlineData(EmvProfile.MChip14, "0114A000032200000000")]
    [InlineData(EmvProfile.MChip15, "0115A000032200000000A3559B40779BC831")]
    [InlineData(EmvProfile.Ccd, "0FA501A030040000000000000000000F0000000000000000000000000000000F")]
    public async Task A_cryptogram_is_checked_and_answered_as_the_software_module_does(EmvProfile profile, string application)
    {
        await using var rig = await PayShieldRig.StartAsync();
        var request = PayShieldRig.Arqc(profile, application);

        var ours = await rig.Hsm.VerifyArqcAsync(request, default);
        var theirs = await rig.Cards.Hsm.VerifyArqcAsync(request, default);
        var wrong = await rig.Hsm.VerifyArqcAsync(PayShieldRig.Arqc(profile, application, change: 1), default);

        Assert.Equal((HsmStatus.Ok, PayShieldRig.Text(theirs.Approval), PayShieldRig.Text(theirs.Decline)), (ours.Status, PayShieldRig.Text(ours.Approval), PayShieldRig.Text(ours.Decline)));
        Assert.Equal((HsmStatus.VerificationFailed, 0, 0), (wrong.Status, wrong.Approval.Length, wrong.Decline.Length));
    }

    [Fact]
    public async Task A_long_pan_derives_its_key_by_option_b_too()
    {
        await using var rig = await PayShieldRig.StartAsync();
        var request = PayShieldRig.Script(EmvProfile.VisaCvn18) with { Pan = HsmCards.Read("5413339000000061659"), KeyOption = IccKeyOption.B };

        var ours = await rig.Hsm.GenerateScriptAsync(request, default);
        var theirs = await rig.Cards.Hsm.GenerateScriptAsync(request, default);

        Assert.Equal((HsmStatus.Ok, Convert.ToHexString(theirs.Command.Span)), (ours.Status, Convert.ToHexString(ours.Command.Span)));
    }

    [Theory]
    [InlineData(EmvProfile.VisaCvn10)]
    [InlineData(EmvProfile.VisaCvn22)]
    [InlineData(EmvProfile.MChip14)]
    [InlineData(EmvProfile.Interac133)]
    [InlineData(EmvProfile.Ccd)]
    public async Task A_script_gets_the_code_of_the_software_module(EmvProfile profile)
    {
        await using var rig = await PayShieldRig.StartAsync();
        var request = PayShieldRig.Script(profile) with { Header = new byte[] { 0x04, 0xDA, 0x9F, 0x58, 0x0B }, Data = new byte[] { 1, (byte)';', 3 } };

        var ours = await rig.Hsm.GenerateScriptAsync(request, default);
        var theirs = await rig.Cards.Hsm.GenerateScriptAsync(request, default);

        Assert.Equal((HsmStatus.Ok, Convert.ToHexString(theirs.Command.Span)), (ours.Status, Convert.ToHexString(ours.Command.Span)));
    }

    [Theory]
    [InlineData("mac1", MacAlgorithm.Iso9797Alg1, 8)]
    [InlineData("mac3", MacAlgorithm.Iso9797Alg3, 4)]
    [InlineData("mac3", MacAlgorithm.Iso9797Alg3, 8)]
    public async Task A_messages_code_is_made_and_checked(string key, MacAlgorithm algorithm, int length)
    {
        await using var rig = await PayShieldRig.StartAsync();
        var request = PayShieldRig.Mac(key, algorithm);
        var (ours, theirs) = (new byte[length], new byte[length]);

        Assert.Equal(HsmStatus.Ok, await rig.Hsm.GenerateMacAsync(request, ours, default));
        Assert.Equal(HsmStatus.Ok, await rig.Cards.Hsm.GenerateMacAsync(request, theirs, default));
        Assert.Equal(theirs, ours);
        Assert.Equal(HsmStatus.Ok, await rig.Hsm.VerifyMacAsync(request, ours, default));
        ours[0] ^= 1;
        Assert.Equal(HsmStatus.VerificationFailed, await rig.Hsm.VerifyMacAsync(request, ours, default));
    }

    [Fact]
    public async Task Each_operation_tells_a_missing_key_a_key_of_another_device_and_a_disabled_command()
    {
        await using var rig = await PayShieldRig.StartAsync();
        rig.Emulator.Device.Disabled.UnionWith(["NO", "CY", "CW", "EC", "FW", "CC", "KW", "KU", "M6", "M8"]);

        Assert.All(await AllAsync(rig.Hsm, "none"), status => Assert.Equal(HsmStatus.KeyNotFound, status));
        Assert.All(await AllAsync(rig.Hsm, "cvk"), status => Assert.Equal(HsmStatus.PolicyDenied, status));
        rig.Emulator.Device.Disabled.Clear();
        Assert.All(await AllAsync(rig.Hsm, "strange"), status => Assert.Equal(HsmStatus.KeyNotFound, status));
    }

    [Fact]
    public async Task What_has_no_command_is_told_without_asking()
    {
        await using var rig = await PayShieldRig.StartAsync();
        var pin = HsmCards.Input(new("zpk"), "4711");
        var change = new PinChangeRequest { Script = PayShieldRig.Script(EmvProfile.VisaCvn18), CryptogramKey = new("imk"), ConfidentialityKey = new("smi"), NewPin = pin };

        Assert.Equal(HsmStatus.UnsupportedProfile, await rig.Hsm.VerifyCardValueAsync(PayShieldRig.Cvv(kind: CardValueKind.Cvc3), HsmCards.Digits(1, 3), default));
        Assert.Equal(HsmStatus.UnsupportedProfile, await rig.Hsm.VerifyPinAsync(pin, PinReference.Stored(new("zpk"), PinBlockFormat.Iso0, pin.Block), default));
        Assert.Equal(HsmStatus.UnsupportedProfile, (await rig.Hsm.VerifyArqcAsync(PayShieldRig.Arqc(EmvProfile.Interac133, "1501850440B100000000B00000000000000000000000"), default)).Status);
        Assert.Equal(HsmStatus.UnsupportedProfile, (await rig.Hsm.VerifyArqcAsync(PayShieldRig.Arqc() with { Session = SessionMethod.TreeOfFour }, default)).Status);
        Assert.Equal(HsmStatus.UnsupportedProfile, (await rig.Hsm.GeneratePinChangeAsync(change, default)).Status);
        Assert.Equal(HsmStatus.UnsupportedProfile, await rig.Hsm.GenerateMacAsync(PayShieldRig.Mac(algorithm: MacAlgorithm.Cmac), new byte[8], default));
        Assert.Equal(0, rig.Emulator.Received);
    }

    [Fact]
    public async Task A_warning_of_the_verification_keys_length_is_no_success_until_a_setting_says_so()
    {
        foreach (var (takes, expected) in new[] { (false, HsmStatus.DeviceFault), (true, HsmStatus.Ok) })
        {
            await using var rig = await PayShieldRig.StartAsync(settings => settings.TakesKeyLengthWarning = takes);
            rig.Emulator.Handle = exchange => exchange.SendAsync(exchange.Frame([.. exchange.Answer[..2], (byte)'0', (byte)'2']));
            var pin = HsmCards.Input(new("zpk"), "4711");

            Assert.Equal(expected, await rig.Hsm.VerifyPinAsync(pin, PinReference.Ibm3624(new("ibm"), new(), HsmCards.Digits(1234, 4)), default));
            Assert.Equal(HsmStatus.DeviceFault, await rig.Hsm.VerifyPinAsync(pin, PinReference.VisaPvv(new("pvk"), 1, HsmCards.Digits(1234, 4)), default));
        }
    }

    [Fact]
    public async Task The_wire_has_the_fields_in_their_places()
    {
        await using var rig = await PayShieldRig.StartAsync(settings =>
        {
            settings.Keys["cvk"] = "S00096B0TN00E0000FEDCBA98";
            settings.Keys["mac3"] = "S00096M3TC00E0000FEDCBA98";
        });

        await rig.Hsm.VerifyCardValueAsync(PayShieldRig.Cvv(), HsmCards.Digits(7, 3), default);
        Assert.Equal("00000001CYS00096B0TN00E0000FEDCBA980074123456789012345;8701101", Text(rig, 2));
        await rig.Hsm.VerifyMacAsync(PayShieldRig.Mac(), new byte[] { 0xAB, 1, 2, 3 }, default);
        Assert.Equal("00000002M800032FFFS00096M3TC00E0000FEDCBA980005\u0001\u0002;\0\u00FFAB010203", Text(rig, 2));
        await rig.Hsm.VerifyPinAsync(HsmCards.Input(new("zpk"), "4711"), PinReference.VisaPvv(new("pvk"), 3, HsmCards.Digits(42, 4)), default);
        Assert.Matches("^00000003ECU[0-9A-F]{32}U[0-9A-F]{32}[0-9A-F]{16}0134567890123430042$", Text(rig, 2));
        await rig.Hsm.VerifyPinAsync(HsmCards.Input(new("zpk"), "4711"), PinReference.Ibm3624(new("ibm"), new(), HsmCards.Digits(42, 4)), default);
        Assert.Matches("^00000004EAU[0-9A-F]{32}U[0-9A-F]{32}12[0-9A-F]{16}010434567890123401234567890123454123456789N50042FFFFFFFF$", Text(rig, 2));
    }

    private static string Text(PayShieldRig rig, int start) => Encoding.Latin1.GetString(rig.Emulator.LastFrame.AsSpan(start));

    /// <summary>Every operation with one key in every place.</summary>
    private static async Task<HsmStatus[]> AllAsync(PayShieldHsm hsm, string key)
    {
        var name = new KeyRef(key);
        var pin = HsmCards.Input(name, "4711");
        return
        [
            await hsm.VerifyCardValueAsync(PayShieldRig.Cvv(key), HsmCards.Digits(1, 3), default),
            (await hsm.GenerateCardValueAsync(PayShieldRig.Cvv(key), 3, default)).Status,
            await hsm.VerifyPinAsync(pin, PinReference.VisaPvv(name, 1, HsmCards.Digits(1, 4)), default),
            (await hsm.GeneratePinReferenceAsync(pin, PinReference.VisaPvv(name, 1, default), default)).Status,
            (await hsm.TranslatePinAsync(pin, name, PinBlockFormat.Iso0, default)).Status,
            (await hsm.VerifyArqcAsync(PayShieldRig.Arqc(key: key), default)).Status,
            (await hsm.GenerateScriptAsync(PayShieldRig.Script(EmvProfile.VisaCvn18, key), default)).Status,
            await hsm.VerifyMacAsync(PayShieldRig.Mac(key), new byte[8], default),
            await hsm.GenerateMacAsync(PayShieldRig.Mac(key), new byte[8], default),
        ];
    }

    private static async Task<PinInput> Translated(PayShieldRig rig, string pin, PinBlockFormat format)
    {
        var block = (await rig.Cards.Hsm.TranslatePinAsync(HsmCards.Input(new("zpk"), pin), new("zpk"), format, default)).Block;
        return new PinInput { Key = new("zpk"), Format = format, Block = block, Pan = HsmCards.Pan };
    }

    private static PinInput Terminal(string pin)
    {
        var ksn = Convert.FromHexString("FFFF9876543210E00008");
        UInt128 number = 0;
        foreach (var item in ksn)
            number = (number << 8) | item;
        var (left, right) = DukptTdes.PinKey(DukptTdes.TransactionKey(EmulatorKeys.Halves(Convert.FromHexString(PayShieldRig.BaseKey)), number));
        var block = HsmCards.Input(new("bdk"), pin, left.ToString("X16", System.Globalization.CultureInfo.InvariantCulture) + right.ToString("X16", System.Globalization.CultureInfo.InvariantCulture)).Block;
        Assert.True(KeySerialNumber.TryFrom(ksn, out var serial));
        return new PinInput { Key = new("bdk"), Format = PinBlockFormat.Iso0, Block = block, Pan = HsmCards.Pan, Ksn = serial };
    }
}
