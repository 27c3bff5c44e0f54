using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Processor.Testing;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Known answers asked of the module itself, with keys that it holds: what the ciphers compute is what <see cref="IHsm"/> answers.</summary>
public sealed class HsmKnownAnswerTests : IDisposable
{
    private static readonly Dictionary<string, JsonNode> Lines =
        File.ReadLines(RepositoryRoot.Path("specs", "crypto", "known-answers.jsonl")).Select(line => JsonNode.Parse(line)!).ToDictionary(line => line["id"]!.GetValue<string>());

    private readonly HsmCards cards = new();
    private JsonNode inputs = new JsonObject();
    private string expected = "";

    public static TheoryData<string> Of(string algorithm) => [.. Lines.Where(line => line.Value["algorithm"]!.GetValue<string>() == algorithm).Select(line => line.Key)];

    public void Dispose() => cards.Dispose();

    [Theory]
    [MemberData(nameof(Of), "cvv")]
    [MemberData(nameof(Of), "cavv.visa_cvv")]
    public async Task A_card_value_is_verified(string id)
    {
        Open(id);
        var isCavv = Has("cavv_key");
        var key = await cards.AddAsync("cvk", KeyUsage.CardVerification, KeyMode.GenerateAndVerify, Text(isCavv ? "cavv_key" : "cvk"));
        var request = new CardValueRequest
        {
            Kind = isCavv ? CardValueKind.Cavv : CardValueKind.Cvv,
            Key = key,
            Pan = HsmCards.Read(Text("pan")),
            Expiry = Decimal(isCavv ? "atn4" : "expiry"),
            ServiceCode = isCavv ? ushort.Parse(Text("auth_result") + Text("second_factor"), CultureInfo.InvariantCulture) : Decimal("service_code"),
        };

        await VerifyAsync(request);
    }

    [Theory]
    [MemberData(nameof(Of), "dcvv.visa")]
    [MemberData(nameof(Of), "cvc3")]
    public async Task A_dynamic_card_value_is_verified(string id)
    {
        Open(id);

        // Option B of a short PAN is option A by EMV; a line that hashes it all the same is for the ciphers alone.
        if (Text("mk_option") == "B" || Has("ivcvc3"))
            return;
        var isCvc3 = Has("imk_cvc3");
        var key = await cards.AddAsync("imk", KeyUsage.EmvDynamicNumbers, KeyMode.DeriveOnly, Text(isCvc3 ? "imk_cvc3" : "imk"));
        var request = new CardValueRequest
        {
            Kind = isCvc3 ? CardValueKind.Cvc3 : CardValueKind.Dcvv,
            Key = key,
            Pan = HsmCards.Read(Text("pan")),
            Psn = (byte)(Has("psn") ? Decimal("psn") : 0),
            Expiry = isCvc3 ? (ushort)0 : Decimal("expiry"),
            ServiceCode = isCvc3 ? (ushort)0 : Decimal("service_code"),
            Atc = isCvc3 ? (ushort)Hex64("atc") : Decimal("atc"),
            UnpredictableNumber = isCvc3 ? (uint)Hex64("un") : 0,
            Track = isCvc3 ? Bytes("track") : default,
        };

        await VerifyAsync(request);
    }

    [Theory]
    [MemberData(nameof(Of), "spa1.aav_hmac_sha1")]
    [MemberData(nameof(Of), "spa2.iav")]
    public async Task A_3ds_value_is_verified(string id)
    {
        Open(id);
        var isSpa2 = Has("ds_trans_id_4");
        var value = Convert.FromHexString(expected);
        var key = await cards.AddAsync("aav", KeyUsage.Hmac, KeyMode.GenerateAndVerify, Text("key"), algorithm: KeyAlgorithm.Hmac);
        var request = new ThreeDsRequest
        {
            Profile = isSpa2 ? ThreeDsProfile.Spa2 : ThreeDsProfile.Spa1,
            Key = key,
            Pan = HsmCards.Read(Text("pan")),
            Value = value,
            MerchantName = Encoding.UTF8.GetBytes(Text("merchant_name")),
            AmountMinor = isSpa2 ? long.Parse(Text("amount_minor"), CultureInfo.InvariantCulture) : 0,
            Currency = isSpa2 ? Decimal("currency") : (ushort)0,
            TransactionIdStart = isSpa2 ? (uint)Hex64("ds_trans_id_4") : 0,
        };

        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyThreeDsAsync(request, default));
        value[^1] ^= 1;
        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyThreeDsAsync(request, default));
    }

    [Theory]
    [MemberData(nameof(Of), "dukpt.tdes_pin")]
    [MemberData(nameof(Of), "dukpt.aes_pin")]
    public async Task A_pin_of_a_terminal_is_recovered(string id)
    {
        Open(id);
        var bytes = Convert.FromHexString(expected);
        var isAes = bytes.Length == 16;
        var key = await cards.AddAsync("bdk", KeyUsage.BaseDerivation, KeyMode.DeriveOnly, Text("bdk"), algorithm: isAes ? KeyAlgorithm.Aes : KeyAlgorithm.TripleDes);
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var pan = HsmCards.Read(Text("pan"));
        Assert.True(PinBlock.TryFrom(bytes, out var block));
        Assert.True(KeySerialNumber.TryFrom(Bytes("ksn"), out var ksn));
        var pin = new PinInput { Key = key, Format = isAes ? PinBlockFormat.Iso4 : PinBlockFormat.Iso0, Block = block, Pan = pan, Ksn = ksn };

        // AES-256 base keys may derive shorter PIN keys, which a block of this interface does not tell.
        if (isAes && Text("key_type") != "AES" + (4 * Text("bdk").Length).ToString(CultureInfo.InvariantCulture))
            return;
        var translated = await cards.Hsm.TranslatePinAsync(pin, zone, PinBlockFormat.Iso0, default);

        Assert.Equal((HsmStatus.Ok, PayShieldRig.Text(HsmCards.Input(zone, Text("pin"), pan: pan).Block)), (translated.Status, PayShieldRig.Text(translated.Block)));
    }

    [Theory]
    [MemberData(nameof(Of), "emv.cvn_arqc")]
    public async Task A_cryptogram_is_verified(string id)
    {
        Open(id);
        var profile = Profile();
        var key = await cards.AddAsync("imk", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly, Text("imk_ac"));
        var icc = default(IccData);
        foreach (var tag in new[] { "9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36" })
            Assert.True(icc.TrySet(int.Parse(tag, NumberStyles.HexNumber, CultureInfo.InvariantCulture), Bytes(tag)));

        // Where a line has only what is covered, it stands where the layout has it.
        var application = Has("9F10") ? Bytes("9F10")
            : profile == EmvProfile.VisaCvn10 ? [6, 1, 10, .. Bytes("cvr")]
            : Has("counters") ? [1, 0x11, .. Bytes("cvr"), 0, 0, .. Bytes("counters")]
            : [1, 0x10, .. Bytes("cvr"), 0, 0];
        Assert.True(icc.TrySet(0x9F10, application));
        Assert.True(icc.TrySet(0x9F26, Convert.FromHexString(expected)));
        var request = new ArqcRequest { Profile = profile, Key = key, Pan = HsmCards.Read(Text("pan")), Psn = (byte)Decimal("psn"), Icc = icc };

        Assert.Equal(HsmStatus.Ok, (await cards.Hsm.VerifyArqcAsync(request, default)).Status);
    }

    [Theory]
    [MemberData(nameof(Of), "emv.cvn_script_mac")]
    public async Task A_script_gets_its_code(string id)
    {
        Open(id);
        var (header, data) = (Bytes("header"), Has("data") ? Bytes("data") : []);
        if (header.Length != 5)
            return;

        var made = await cards.Hsm.GenerateScriptAsync(await ScriptAsync() with { Header = header, Data = data }, default);

        Assert.Equal((HsmStatus.Ok, Convert.ToHexString([.. header, .. data]) + expected), (made.Status, Convert.ToHexString(made.Command.Span)));
    }

    [Theory]
    [MemberData(nameof(Of), "emv.cvn_pin_change")]
    public async Task A_pin_change_is_the_known_command(string id)
    {
        Open(id);
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var pan = HsmCards.Read(Text("pan"));
        var request = new PinChangeRequest
        {
            Script = await ScriptAsync(),
            CryptogramKey = await cards.AddAsync("imk", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly, Text("imk_ac")),
            ConfidentialityKey = await cards.AddAsync("smc", KeyUsage.EmvConfidentiality, KeyMode.DeriveOnly, Text("imk_smc")),
            NewPin = HsmCards.Input(zone, Text("pin"), pan: pan),
            CurrentPin = Has("current_pin") ? HsmCards.Input(zone, Text("current_pin"), pan: pan) : null,
        };

        var made = await cards.Hsm.GeneratePinChangeAsync(request, default);

        Assert.Equal((HsmStatus.Ok, expected), (made.Status, Convert.ToHexString(made.Command.Span)));
    }

    // Computed once from EMV Book 2 (8.1, 8.2, 9.2, 9.3, A1.3, A1.4) by another program, with the DES of OpenSSL: no published answer for the
    // common core definitions was found.
    [Fact]
    public async Task Common_core_cards_have_the_answers_that_another_program_computed()
    {
        inputs = new JsonObject { ["cvn"] = "ccd-A5", ["imk_smi"] = HsmCards.CardKey, ["pan"] = "4123456789012345", ["psn"] = "00", ["9F36"] = "3456", ["9F26"] = "C8AE96C6AEC9F9EA" };
        var imk = await cards.AddAsync("imk", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly, HsmCards.CardKey);
        var smc = await cards.AddAsync("smc", KeyUsage.EmvConfidentiality, KeyMode.DeriveOnly, HsmCards.CardKey);
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var request = new ArqcRequest
        {
            Profile = EmvProfile.Ccd,
            Key = imk,
            Pan = HsmCards.Pan,
            Psn = 0,
            Icc = HsmCards.Icc(0xC8AE96C6AEC9F9EA, "0FA501A030040000000000000000000F0000000000000000000000000000000F"),
            Approval = ArpcRequest.ForCardStatus(0x03A20000),
            Decline = ArpcRequest.ForCardStatus(0x03A20000, 0x1122330000000000, 3),
        };

        var answer = await cards.Hsm.VerifyArqcAsync(request, default);
        var change = await cards.Hsm.GeneratePinChangeAsync(
            new PinChangeRequest { Script = await ScriptAsync(), CryptogramKey = imk, ConfidentialityKey = smc, NewPin = HsmCards.Input(zone, "4711") }, default);

        Assert.Equal((HsmStatus.Ok, "C976335003A20000", "976816DC03A20000112233"), (answer.Status, PayShieldRig.Text(answer.Approval), PayShieldRig.Text(answer.Decline)));
        Assert.Equal("8424000218E4EA318F6BD1A2D614EADE642D866AE1BF1616B34B8E2FF7", Convert.ToHexString(change.Command.Span));
    }

    private void Open(string id)
    {
        inputs = Lines[id]["inputs"]!;
        expected = Lines[id]["expected"]!.GetValue<string>();
    }

    private bool Has(string name) => inputs[name] is not null;

    private string Text(string name) => inputs[name]!.GetValue<string>();

    private byte[] Bytes(string name) => Convert.FromHexString(Text(name));

    private ushort Decimal(string name) => ushort.Parse(Text(name), CultureInfo.InvariantCulture);

    private ulong Hex64(string name) => ulong.Parse(Text(name), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private EmvProfile Profile() => Text("cvn") switch
    {
        "visa-0A" => EmvProfile.VisaCvn10,
        "visa-12" => EmvProfile.VisaCvn18,
        "visa-22" => EmvProfile.VisaCvn22,
        "mc-10" => EmvProfile.MChip10,
        "mc-11" => EmvProfile.MChip11,
        "mc-14" => EmvProfile.MChip14,
        "mc-15" => EmvProfile.MChip15,
        "interac-85" => EmvProfile.Interac133,
        _ => EmvProfile.Ccd,
    };

    private async Task<ScriptRequest> ScriptAsync() => new()
    {
        Profile = Profile(),
        IntegrityKey = await cards.AddAsync("smi", KeyUsage.EmvIntegrity, KeyMode.DeriveOnly, Text("imk_smi")),
        Pan = HsmCards.Read(Text("pan")),
        Psn = (byte)Decimal("psn"),
        Atc = (ushort)Hex64("9F36"),
        Cryptogram = BinaryPrimitives.ReadUInt64BigEndian(Bytes("9F26")),
    };

    private async Task VerifyAsync(CardValueRequest request)
    {
        Assert.True(SecretDigits.TryFromDigits(Encoding.ASCII.GetBytes(expected), out var right));
        var wrong = SecretDigits.FromNumber((right.Reveal() + 1) % (ulong)Math.Pow(10, right.Length), right.Length);

        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyCardValueAsync(request, right, default));
        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyCardValueAsync(request, wrong, default));
    }
}
