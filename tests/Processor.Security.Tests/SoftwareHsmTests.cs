using Xunit;

namespace Processor.Security.Tests;

/// <summary>What the software module promises to the authorizer.</summary>
public sealed class SoftwareHsmTests : IDisposable
{
    private readonly HsmCards cards = new();

    public void Dispose() => cards.Dispose();

    [Fact]
    public async Task The_right_card_value_is_right_and_any_other_is_wrong()
    {
        var key = await cards.AddAsync("cvk", KeyUsage.CardVerification, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        var request = new CardValueRequest { Kind = CardValueKind.Cvv, Key = key, Pan = HsmCards.Pan, Expiry = 8701, ServiceCode = 101 };

        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyCardValueAsync(request, HsmCards.Digits(561, 3), default));
        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyCardValueAsync(request, HsmCards.Digits(562, 3), default));
        Assert.Equal(HsmStatus.InvalidInput, await cards.Hsm.VerifyCardValueAsync(request, default, default));
    }

    [Fact]
    public async Task A_key_serves_only_what_it_is_for()
    {
        var key = await cards.AddAsync("cvk", KeyUsage.CardVerification, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.DecryptOnly, HsmCards.ZoneKey);
        var pin = HsmCards.Input(zone, "1234");

        Assert.Equal(HsmStatus.KeyUsageDenied, await cards.Hsm.VerifyPinAsync(pin, PinReference.VisaPvv(key, 1, HsmCards.Digits(1, 4)), default));
        Assert.Equal(HsmStatus.KeyNotFound, await cards.Hsm.VerifyPinAsync(pin, PinReference.VisaPvv(new("none"), 1, HsmCards.Digits(1, 4)), default));
        Assert.Equal(HsmStatus.KeyUsageDenied, (await cards.Hsm.TranslatePinAsync(pin, zone, PinBlockFormat.Iso0, default)).Status);
    }

    [Fact]
    public async Task A_pin_is_checked_by_pvv_offset_and_stored_block()
    {
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var pvk = await cards.AddAsync("pvk", KeyUsage.PinVerificationVisa, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        var ibm = await cards.AddAsync("ibm", KeyUsage.PinVerificationIbm, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        PinReference[] methods =
        [
            PinReference.VisaPvv(pvk, 1, default), PinReference.Ibm3624(ibm, new Ibm3624Profile(), default), PinReference.Stored(zone, PinBlockFormat.Iso3, default),
        ];

        foreach (var method in methods)
        {
            var made = await cards.Hsm.GeneratePinReferenceAsync(HsmCards.Input(zone, "4711"), method, default);

            Assert.Equal(HsmStatus.Ok, made.Status);
            Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyPinAsync(HsmCards.Input(zone, "4711"), made.Reference, default));
            Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyPinAsync(HsmCards.Input(zone, "4712"), made.Reference, default));
        }
    }

    [Fact]
    public async Task Every_bad_pin_block_gets_the_same_answer()
    {
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var pvk = await cards.AddAsync("pvk", KeyUsage.PinVerificationVisa, KeyMode.GenerateAndVerify, HsmCards.CardKey);
        var wrongKey = HsmCards.Input(zone, "1234", HsmCards.CardKey);
        var wrongPan = HsmCards.Input(zone, "1234", pan: HsmCards.Read("5555555555554444"));

        foreach (var pin in new[] { wrongKey, new PinInput { Key = zone, Format = PinBlockFormat.Iso0, Block = wrongPan.Block, Pan = HsmCards.Pan }, new PinInput { Key = zone, Format = PinBlockFormat.Iso4, Block = wrongPan.Block, Pan = HsmCards.Pan }, new PinInput { Key = zone, Format = PinBlockFormat.Iso0, Block = default, Pan = HsmCards.Pan } })
            Assert.Equal(HsmStatus.PinBlockInvalid, await cards.Hsm.VerifyPinAsync(pin, PinReference.VisaPvv(pvk, 1, HsmCards.Digits(1, 4)), default));
    }

    [Fact]
    public async Task A_format_needs_a_key_of_its_cipher()
    {
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var aes = await cards.AddAsync("aes", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey, algorithm: KeyAlgorithm.Aes);
        var pin = HsmCards.Input(zone, "1234");

        Assert.Equal(HsmStatus.KeyUsageDenied, (await cards.Hsm.TranslatePinAsync(pin, zone, PinBlockFormat.Iso4, default)).Status);
        Assert.Equal(HsmStatus.KeyUsageDenied, (await cards.Hsm.TranslatePinAsync(pin, aes, PinBlockFormat.Iso3, default)).Status);
        Assert.Equal(HsmStatus.KeyUsageDenied, (await cards.Hsm.TranslatePinAsync(pin with { Key = aes }, zone, PinBlockFormat.Iso0, default)).Status);
    }

    [Fact]
    public async Task Production_mode_refuses_pin_work_until_told_otherwise()
    {
        using var strict = new HsmCards(new SoftwareHsmOptions(IsProduction: true));
        using var told = new HsmCards(new SoftwareHsmOptions(IsProduction: true, AllowsPinInProduction: true));
        var expected = new[] { (strict, HsmStatus.PolicyDenied), (told, HsmStatus.Ok) };

        foreach (var (some, status) in expected)
        {
            var zone = await some.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
            Assert.Equal(status, (await some.Hsm.TranslatePinAsync(HsmCards.Input(zone, "1234"), zone, PinBlockFormat.Iso0, default)).Status);
        }
    }

    // Cryptograms and answers were computed once by another program, with the DES of OpenSSL; the known answers from elsewhere are in HsmKnownAnswerTests.
    [Theory]
    [InlineData(EmvProfile.VisaCvn10, "06010A03A06010", 0x8CC9496A0C4ABB4F, "25566E43BD23D85B3030")]
    [InlineData(EmvProfile.VisaCvn18, "060112030E5B09", 0xA3D8FA58E9BA0945, "BCA2BA1903A20000")]
    [InlineData(EmvProfile.VisaCvn22, "1F22010304DC3600000000000000000000000000000000000000000000000000", 0xD6E226EC478A6E36, "F23DBB1203A20000")]
    [InlineData(EmvProfile.MChip10, "0110A000032200000000", 0xFAE1623634162ADB, "853ECD817FE14D823030")]
    [InlineData(EmvProfile.MChip11, "0111A000032200000000A3559B40779BC831", 0x14F56E3083C2633B, "C42217975CE119283030")]
    [InlineData(EmvProfile.MChip12, "0112A000032200000000", 0x200CA3659A20579D, "DE4FA5EFF6E916EF3030")]
    [InlineData(EmvProfile.MChip13, "0113A000032200000000A3559B40779BC831", 0xB2918612328F7188, "E81CA6BC2B30D2B53030")]
    [InlineData(EmvProfile.MChip14, "0114A000032200000000", 0xFDC720F9E22019F6, "426D640CE1B907AC3030")]
    [InlineData(EmvProfile.MChip15, "0115A000032200000000A3559B40779BC831", 0x44498388B328E642, "10FDEE0BFE86FAA73030")]
    [InlineData(EmvProfile.Interac133, "1501850440B100000000B00000000000000000000000", 0x4C364F1583285942, "6BAC63F68FDAF00E3030")]
    [InlineData(EmvProfile.Ccd, "0FA501A030040000000000000000000F0000000000000000000000000000000F", 0xC8AE96C6AEC9F9EA, "C976335003A20000")]
    public async Task A_cryptogram_of_every_version_is_checked_and_answered(EmvProfile profile, string application, ulong cryptogram, string answer)
    {
        var key = await cards.AddAsync("imk", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly, HsmCards.CardKey);
        var right = HsmCards.Icc(cryptogram, application);
        var approval = answer.Length == 20 ? ArpcRequest.ForResponseCode(0x3030) : ArpcRequest.ForCardStatus(0x03A20000);
        var request = new ArqcRequest { Profile = profile, Key = key, Pan = HsmCards.Pan, Psn = 0, Icc = right, Approval = approval };

        var approved = await cards.Hsm.VerifyArqcAsync(request, default);
        var declined = await cards.Hsm.VerifyArqcAsync(request with { Approval = default, Decline = approval }, default);
        var refused = await cards.Hsm.VerifyArqcAsync(request with { Icc = HsmCards.Icc(cryptogram ^ 1, application), Decline = approval }, default);

        Assert.Equal((HsmStatus.Ok, answer, ""), (approved.Status, PayShieldRig.Text(approved.Approval), PayShieldRig.Text(approved.Decline)));
        Assert.Equal((HsmStatus.Ok, "", answer), (declined.Status, PayShieldRig.Text(declined.Approval), PayShieldRig.Text(declined.Decline)));
        Assert.Equal((HsmStatus.VerificationFailed, "", ""), (refused.Status, PayShieldRig.Text(refused.Approval), PayShieldRig.Text(refused.Decline)));
        Assert.True(EmvProfiles.TryIdentify(SchemeOf(profile), right.ApplicationData, out var found, out var index));
        Assert.Equal((profile, 1), (found, index));
    }

    [Theory]
    [InlineData(EmvProfile.VisaCvn10, "06010A03A06010", 2)]
    [InlineData(EmvProfile.VisaCvn18, "060112030E5B09", 1)]
    public async Task An_answer_by_the_method_of_another_version_is_not_made(EmvProfile profile, string application, int method)
    {
        var key = await cards.AddAsync("imk", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly, HsmCards.CardKey);
        var icc = HsmCards.Icc(HsmCards.ChipCryptogram(profile, HsmCards.Icc(0, application)), application);
        var approval = method == 1 ? ArpcRequest.ForResponseCode(0x3030) : ArpcRequest.ForCardStatus(0x03A20000);

        var answer = await cards.Hsm.VerifyArqcAsync(new ArqcRequest { Profile = profile, Key = key, Pan = HsmCards.Pan, Psn = 0, Icc = icc, Approval = approval }, default);

        Assert.Equal((HsmStatus.InvalidInput, 0), (answer.Status, answer.Approval.Length));
    }

    [Fact]
    public async Task A_followed_key_still_opens_what_is_in_flight_and_makes_nothing_new()
    {
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var store = await cards.AddAsync("store", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.CardKey);
        var early = HsmCards.Input(zone, "1234");
        await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, "C1EAC8DA70C1FDF8FED93751A2767CC7");

        Assert.Equal(HsmStatus.Ok, (await cards.Hsm.TranslatePinAsync(early, store, PinBlockFormat.Iso0, default)).Status);
        Assert.Equal(HsmStatus.KeyInactive, (await cards.Hsm.TranslatePinAsync(early, new KeyRef("zpk", 1), PinBlockFormat.Iso0, default)).Status);
        await cards.Hsm.Keys.RetireKeyAsync(new KeyRef("zpk", 1), default);
        Assert.Equal(HsmStatus.PinBlockInvalid, (await cards.Hsm.TranslatePinAsync(early, store, PinBlockFormat.Iso0, default)).Status);
    }

    [Fact]
    public async Task Nothing_secret_is_printed()
    {
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        object[] printed =
        [
            HsmCards.Input(zone, "1234"), HsmCards.Digits(561, 3), HsmCards.Icc(7), PinReference.VisaPvv(zone, 1, HsmCards.Digits(1234, 4)), cards.Hsm,
            new CardValueRequest { Kind = CardValueKind.Cvv, Key = zone, Pan = HsmCards.Pan }, new CardValueResult(HsmStatus.Ok, HsmCards.Digits(561, 3)),
        ];

        Assert.All(printed, value => Assert.DoesNotMatch("[0-9]{3}", value.ToString()));
    }

    private static EmvScheme SchemeOf(EmvProfile profile) => profile switch
    {
        <= EmvProfile.VisaCvn22 => EmvScheme.Visa,
        <= EmvProfile.MChip15 or EmvProfile.MChip12 or EmvProfile.MChip13 => EmvScheme.Mastercard,
        EmvProfile.Interac133 => EmvScheme.Interac,
        _ => EmvScheme.Ccd,
    };
}
