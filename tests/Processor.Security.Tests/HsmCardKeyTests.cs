using System.Globalization;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>How a card's key comes from the issuer's, and a transaction's from the card's, as the caller of the module says.</summary>
/// <remarks>The answers were computed once by another program, with the DES and SHA-1 of OpenSSL, that gives the known answers of
/// <c>emv.icc_mk</c>, <c>emv.sk_emv2000_tree</c>, <c>emv.cvn_script_mac</c>, <c>dcvv.visa</c> and <c>cvc3</c>.</remarks>
public sealed class HsmCardKeyTests : IDisposable
{
    private const string ShortPan = "4123456789012345";
    private const string LongPan = "4123456789012345678";
    private const string Application = "0114A000032200000000";

    private static readonly byte[] Header = Convert.FromHexString("8424000008");

    private readonly HsmCards cards = new();

    public void Dispose() => cards.Dispose();

    [Theory]
    [InlineData(ShortPan, IccKeyOption.A, null, 0x82D97A42A90E6DDD, "7A3CC80E2388929F0012", "CEAF2B1A091600A9", "842400021002E26A2D11630773742F125B7066DCD1")]
    [InlineData(ShortPan, IccKeyOption.B, SessionMethod.Common, 0x82D97A42A90E6DDD, "7A3CC80E2388929F0012", "CEAF2B1A091600A9", "842400021002E26A2D11630773742F125B7066DCD1")]
    [InlineData(ShortPan, IccKeyOption.A, SessionMethod.TreeOfFour, 0xC495A4A37E35D0C7, "A041421C9489F3530012", "8DFE10323F32E710", "8424000210DA844FECDFA874A790CABFD7CBA52409")]
    [InlineData(ShortPan, IccKeyOption.A, SessionMethod.TreeOfTwo, 0x567E9DED6FE87EEA, "532EF4180256843F0012", "E80BDA13ACE7AF14", "8424000210514CECE20CADF594AAA017A7BB246811")]
    [InlineData(LongPan, IccKeyOption.A, SessionMethod.Common, 0xF29AF1AC0496A1C5, "515AF5B879A020740012", "8C9FA2EAD984C699", "8424000210F488E8283125E4BB01257939E5B43B67")]
    [InlineData(LongPan, IccKeyOption.B, null, 0x9F07BE6BD4CEF12F, "4ED864CABE10D2540012", "D78360ACBB8335D8", "8424000210F59AA3327FD86D18383B254BA5E5D82E")]
    [InlineData(LongPan, IccKeyOption.A, SessionMethod.TreeOfFour, 0xA7CEF292FED78595, "603899DCB1A3A2100012", "9E0C5C21FB20960D", "8424000210D6D7ACE9B43896C1606C7CF3FCF69BE0")]
    [InlineData(LongPan, IccKeyOption.B, SessionMethod.TreeOfFour, 0xDA22F7D4F209DA63, "54154FB29A9EE6160012", "C8C08215DB22E193", "84240002101C823B16263EF80835B1FE24AD6D9845")]
    [InlineData(LongPan, IccKeyOption.B, SessionMethod.TreeOfTwo, 0x169B161E6F8B92F8, "30B47B6AB7AFDA320012", "99AC0C2FEADD5AA9", "84240002108D2E19E547C3ED8F81FC09A9227E3801")]
    public async Task Cryptogram_answer_and_commands_are_of_the_keys_that_were_asked_for(
        string digits, IccKeyOption option, SessionMethod? session, ulong cryptogram, string answer, string mac, string change)
    {
        var pan = HsmCards.Read(digits);
        var (imk, smi, smc) = (await KeyAsync(KeyUsage.EmvCryptogram), await KeyAsync(KeyUsage.EmvIntegrity), await KeyAsync(KeyUsage.EmvConfidentiality));
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var script = new ScriptRequest
        {
            Profile = EmvProfile.MChip14,
            IntegrityKey = smi,
            KeyOption = option,
            Pan = pan,
            Psn = 1,
            Atc = 0x3456,
            Cryptogram = cryptogram,
            Header = Header,
        };

        var verified = await cards.Hsm.VerifyArqcAsync(Arqc(imk, digits, option, session, cryptogram), default);
        var code = await cards.Hsm.GenerateScriptAsync(script, default);
        var pin = await cards.Hsm.GeneratePinChangeAsync(
            new PinChangeRequest { Script = script, CryptogramKey = imk, ConfidentialityKey = smc, NewPin = HsmCards.Input(zone, "4711", pan: pan) }, default);

        Assert.Equal((HsmStatus.Ok, answer), (verified.Status, PayShieldRig.Text(verified.Approval)));
        Assert.Equal((HsmStatus.Ok, Convert.ToHexString(Header) + mac), (code.Status, Convert.ToHexString(code.Command.Span)));
        Assert.Equal((HsmStatus.Ok, change), (pin.Status, Convert.ToHexString(pin.Command.Span)));
    }

    [Fact]
    public async Task A_cryptogram_under_one_way_is_wrong_under_every_other()
    {
        var imk = await KeyAsync(KeyUsage.EmvCryptogram);
        var right = new Dictionary<(IccKeyOption, SessionMethod), ulong>
        {
            [(IccKeyOption.A, SessionMethod.Common)] = 0xF29AF1AC0496A1C5,
            [(IccKeyOption.B, SessionMethod.Common)] = 0x9F07BE6BD4CEF12F,
            [(IccKeyOption.A, SessionMethod.TreeOfFour)] = 0xA7CEF292FED78595,
            [(IccKeyOption.B, SessionMethod.TreeOfFour)] = 0xDA22F7D4F209DA63,
            [(IccKeyOption.A, SessionMethod.TreeOfTwo)] = 0x9555975B8242CDD2,
            [(IccKeyOption.B, SessionMethod.TreeOfTwo)] = 0x169B161E6F8B92F8,
        };

        foreach (var (asked, _) in right)
        {
            foreach (var (made, cryptogram) in right)
            {
                var answer = await cards.Hsm.VerifyArqcAsync(Arqc(imk, LongPan, asked.Item1, asked.Item2, cryptogram), default);
                Assert.Equal(asked == made ? (HsmStatus.Ok, 10) : (HsmStatus.VerificationFailed, 0), (answer.Status, answer.Approval.Length));
            }
        }
    }

    [Fact]
    public async Task A_session_without_a_name_is_answered_as_such()
    {
        var imk = await KeyAsync(KeyUsage.EmvCryptogram);

        Assert.Equal(HsmStatus.UnsupportedProfile, (await cards.Hsm.VerifyArqcAsync(Arqc(imk, ShortPan, IccKeyOption.A, SessionMethod.TreeOfTwo + 1, 0x82D97A42A90E6DDD), default)).Status);
    }

    [Theory]
    [InlineData(IccKeyOption.A, "089", "37399")]
    [InlineData(IccKeyOption.B, "847", "16345")]
    public async Task A_dynamic_value_is_of_the_card_key_that_was_asked_for(IccKeyOption option, string dcvv, string cvc3)
    {
        var key = await KeyAsync(KeyUsage.EmvDynamicNumbers);
        var pan = HsmCards.Read(LongPan);
        var visa = new CardValueRequest { Kind = CardValueKind.Dcvv, Key = key, Pan = pan, Psn = 1, KeyOption = option, Expiry = 3410, ServiceCode = 201, Atc = 1365 };
        var mastercard = new CardValueRequest
        {
            Kind = CardValueKind.Cvc3,
            Key = key,
            Pan = pan,
            Psn = 1,
            KeyOption = option,
            Atc = 0x5E,
            UnpredictableNumber = 0x899,
            Track = Convert.FromHexString("5413123456784800D39012010000000000000F"),
        };

        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyCardValueAsync(visa, Value(dcvv), default));
        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyCardValueAsync(mastercard, Value(cvc3), default));
        var other = option == IccKeyOption.A ? IccKeyOption.B : IccKeyOption.A;
        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyCardValueAsync(visa with { KeyOption = other }, Value(dcvv), default));
        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyCardValueAsync(mastercard with { KeyOption = other }, Value(cvc3), default));
    }

    private static SecretDigits Value(string digits) => SecretDigits.FromNumber(ulong.Parse(digits, CultureInfo.InvariantCulture), digits.Length);

    private static ArqcRequest Arqc(KeyRef key, string pan, IccKeyOption option, SessionMethod? session, ulong cryptogram) => new()
    {
        Profile = EmvProfile.MChip14,
        Key = key,
        KeyOption = option,
        Session = session,
        Pan = HsmCards.Read(pan),
        Psn = 1,
        Icc = HsmCards.Icc(cryptogram, Application),
        Approval = ArpcRequest.ForResponseCode(0x0012),
    };

    private Task<KeyRef> KeyAsync(KeyUsage usage) => cards.AddAsync("key-" + usage, usage, KeyMode.DeriveOnly, HsmCards.CardKey);
}
