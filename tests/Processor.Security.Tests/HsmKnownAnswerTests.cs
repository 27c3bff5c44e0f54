using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Xunit;

namespace Processor.Security.Tests;

/// <summary>Known answers asked of the module itself, with keys that it holds: what the ciphers compute is what <see cref="IHsm"/> answers.</summary>
/// <remarks>Those of PINs are in <see cref="HsmKnownPinTests"/>, those of codes in <see cref="HsmMacTests"/>.</remarks>
public sealed class HsmKnownAnswerTests : IDisposable
{
    // What the module is asked in these tests, and what has no question there: pieces of those answers, raw ciphers, and what only acquirers make.
    private static readonly string[] Asked =
    [
        "cvv", "cavv.visa_cvv", "dcvv.visa", "cvc3", "spa1.aav_hmac_sha1", "spa2.iav", "emv.cvn_arqc", "emv.cvn_arpc", "emv.cvn_script_mac", "emv.cvn_pin_change",
        "dukpt.tdes_pin", "dukpt.aes_pin", "pvv.visa", "ibm3624.pin", "ibm3624.offset", "pinblock.iso0.encrypt_tdes", "pinblock.iso4.encrypt", "pinblock.decrypt_tdes",
        "pinblock.iso4.decrypt", "pinblock.translate", "mac.iso9797_alg1", "mac.iso9797_alg3", "mac.cmac_tdes", "mac.cmac_aes", "mac.hmac", "tr31.unwrap",
    ];

    private static readonly string[] Pieces =
    [
        "dcvv.visa_from_icc_key", "cvc3.iv", "cvc3.value", "spa2.amount_code", "emv.icc_mk", "emv.icc_mk_kcv", "emv.sk_common", "emv.sk_common_kcv",
        "emv.sk_sm_visa", "emv.sk_emv2000_tree", "emv.ac", "emv.arpc1", "emv.arpc2", "emv.arqc_full", "emv.arpc_full", "emv.sm_mac", "emv.sm_encrypt", "emv.vis_pin_block",
        "pinblock.iso0.encode", "pinblock.iso0.decode", "pinblock.iso1.encode", "pinblock.iso2.encode", "pinblock.iso2.decode", "pinblock.iso3.encode", "pinblock.iso3.decode",
        "pinblock.iso4.pan_field", "key.kcv_tdes", "key.kcv_aes_cmac", "key.components_xor", "tr31.wrap", "dukpt.tdes_key", "dukpt.tdes_mac", "dukpt.aes_ik", "dukpt.aes_key",
        "cipher.tdes_ecb", "cipher.tdes_cbc", "cipher.aes_gcm", "cipher.aes_gcm_open", "lmk.variant_encrypt",
    ];

    private readonly HsmCards cards = new();

    public static TheoryData<string> Of(string algorithm) => KnownLine.Of(algorithm);

    public static TheoryData<string> DynamicValues(bool areHashedShort) =>
        [.. KnownLine.Every().Where(line => line.Algorithm is "dcvv.visa" or "cvc3" && IsHashedShort(line) == areHashedShort).Select(line => line.Id)];

    public void Dispose() => cards.Dispose();

    [Fact]
    public void Every_algorithm_is_asked_of_the_module_or_is_a_piece_of_one_that_is()
    {
        var all = KnownLine.Every().Select(line => line.Algorithm).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(Asked.Concat(Pieces).Order(StringComparer.Ordinal), all);
    }

    [Theory]
    [MemberData(nameof(Of), "cvv")]
    [MemberData(nameof(Of), "cavv.visa_cvv")]
    public async Task A_card_value_is_verified(string id)
    {
        var line = new KnownLine(id);
        var isCavv = line.Has("cavv_key");
        var key = await cards.AddAsync("cvk", KeyUsage.CardVerification, KeyMode.GenerateAndVerify, line.Text(isCavv ? "cavv_key" : "cvk"));
        var request = new CardValueRequest
        {
            Kind = isCavv ? CardValueKind.Cavv : CardValueKind.Cvv,
            Key = key,
            Pan = HsmCards.Read(line.Text("pan")),
            Expiry = line.Decimal(isCavv ? "atn4" : "expiry"),
            ServiceCode = isCavv ? ushort.Parse(line.Text("auth_result") + line.Text("second_factor"), CultureInfo.InvariantCulture) : line.Decimal("service_code"),
        };

        await VerifyAsync(request, line.Expected);
        if (request.ServiceCode == 0 && !isCavv)
            await VerifyAsync(request with { Kind = CardValueKind.Cvv2, ServiceCode = 999 }, line.Expected);
    }

    [Theory]
    [MemberData(nameof(DynamicValues), false)]
    public async Task A_dynamic_card_value_is_verified(string id)
    {
        var line = new KnownLine(id);
        await VerifyAsync(await DynamicAsync(line), line.Expected);
    }

    // The source hashes a PAN of any length for option B; by EMV option B of up to 16 digits is option A. So its value is not the module's.
    [Theory]
    [MemberData(nameof(DynamicValues), true)]
    public async Task A_dynamic_card_value_of_a_short_pan_that_was_hashed_is_refused(string id)
    {
        var line = new KnownLine(id);
        var request = await DynamicAsync(line);
        var byOptionA = await cards.Hsm.GenerateCardValueAsync(request with { KeyOption = IccKeyOption.A }, line.Expected.Length, default);

        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyCardValueAsync(request, Value(line.Expected), default));
        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyCardValueAsync(request, byOptionA.Value, default));
    }

    [Theory]
    [MemberData(nameof(Of), "spa1.aav_hmac_sha1")]
    [MemberData(nameof(Of), "spa2.iav")]
    public async Task A_3ds_value_is_verified(string id)
    {
        var line = new KnownLine(id);
        var isSpa2 = line.Has("ds_trans_id_4");
        var value = line.ExpectedBytes;
        var key = await cards.AddAsync("aav", KeyUsage.Hmac, KeyMode.GenerateAndVerify, line.Text("key"), algorithm: KeyAlgorithm.Hmac);
        var request = new ThreeDsRequest
        {
            Profile = isSpa2 ? ThreeDsProfile.Spa2 : ThreeDsProfile.Spa1,
            Key = key,
            Pan = HsmCards.Read(line.Text("pan")),
            Value = value,
            MerchantName = Encoding.UTF8.GetBytes(line.Text("merchant_name")),
            AmountMinor = isSpa2 ? long.Parse(line.Text("amount_minor"), CultureInfo.InvariantCulture) : 0,
            Currency = isSpa2 ? line.Decimal("currency") : (ushort)0,
            TransactionIdStart = isSpa2 ? (uint)line.Hex64("ds_trans_id_4") : 0,
        };

        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyThreeDsAsync(request, default));
        value[^1] ^= 1;
        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyThreeDsAsync(request, default));
    }

    [Theory]
    [MemberData(nameof(Of), "emv.cvn_arqc")]
    public async Task A_cryptogram_is_verified(string id)
    {
        var line = new KnownLine(id);
        var profile = ProfileOf(line);
        var icc = default(IccData);
        foreach (var tag in new[] { "9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36" })
            Assert.True(icc.TrySet(int.Parse(tag, NumberStyles.HexNumber, CultureInfo.InvariantCulture), line.Bytes(tag)));

        // Where a line has only what is covered, it stands where the layout has it.
        var application = line.Has("9F10") ? line.Bytes("9F10")
            : profile == EmvProfile.VisaCvn10 ? [6, 1, 10, .. line.Bytes("cvr")]
            : line.Has("counters") ? [1, 0x11, .. line.Bytes("cvr"), 0, 0, .. line.Bytes("counters")]
            : [1, 0x10, .. line.Bytes("cvr"), 0, 0];
        Assert.True(icc.TrySet(0x9F10, application));
        Assert.True(icc.TrySet(0x9F26, line.ExpectedBytes));
        var request = await ArqcAsync(line, icc);
        Assert.True(icc.TrySet(0x9F36, [0, 1]));

        Assert.Equal(HsmStatus.Ok, (await cards.Hsm.VerifyArqcAsync(request, default)).Status);
        Assert.Equal(HsmStatus.VerificationFailed, (await cards.Hsm.VerifyArqcAsync(request with { Icc = icc }, default)).Status);
    }

    [Theory]
    [MemberData(nameof(Of), "emv.cvn_arpc")]
    public async Task A_right_cryptogram_gets_the_known_answer(string id)
    {
        var line = new KnownLine(id);
        var profile = ProfileOf(line);
        var request = await ArqcAsync(line, ForgedIcc.For(profile, HsmCards.Read(line.Text("pan")), line));
        var isMethod1 = line.Has("arc");
        var said = isMethod1 ? line.Text("arc") : line.Text("csu") + line.Text("prop_auth_data", "");
        var approval = isMethod1 ? ArpcRequest.ForResponseCode((ushort)line.Hex64("arc")) : ArpcRequest.ForCardStatus((uint)line.Hex64("csu"));

        var answer = await cards.Hsm.VerifyArqcAsync(request with { Approval = approval }, default);
        var refusal = await cards.Hsm.VerifyArqcAsync(request with { Decline = approval }, default);

        Assert.Equal((HsmStatus.Ok, line.Expected + said, ""), (answer.Status, PayShieldRig.Text(answer.Approval), PayShieldRig.Text(answer.Decline)));
        Assert.Equal((HsmStatus.Ok, "", line.Expected + said), (refusal.Status, PayShieldRig.Text(refusal.Approval), PayShieldRig.Text(refusal.Decline)));
    }

    [Theory]
    [MemberData(nameof(Of), "emv.cvn_script_mac")]
    public async Task A_script_gets_its_code(string id)
    {
        var line = new KnownLine(id);
        var (header, data) = (line.Bytes("header"), Convert.FromHexString(line.Text("data", "")));

        var made = await cards.Hsm.GenerateScriptAsync(await ScriptAsync(line) with { Header = header, Data = data }, default);

        Assert.Equal((HsmStatus.Ok, Convert.ToHexString([.. header, .. data]) + line.Expected), (made.Status, Convert.ToHexString(made.Command.Span)));
    }

    [Theory]
    [MemberData(nameof(Of), "emv.cvn_pin_change")]
    public async Task A_pin_change_is_the_known_command(string id)
    {
        var line = new KnownLine(id);
        var zone = await cards.AddAsync("zpk", KeyUsage.PinEncryption, KeyMode.Both, HsmCards.ZoneKey);
        var pan = HsmCards.Read(line.Text("pan"));
        var request = new PinChangeRequest
        {
            Script = await ScriptAsync(line),
            CryptogramKey = await cards.AddAsync("imk", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly, line.Text("imk_ac")),
            ConfidentialityKey = await cards.AddAsync("smc", KeyUsage.EmvConfidentiality, KeyMode.DeriveOnly, line.Text("imk_smc")),
            NewPin = HsmCards.Input(zone, line.Text("pin"), pan: pan),
            CurrentPin = line.Has("current_pin") ? HsmCards.Input(zone, line.Text("current_pin"), pan: pan) : null,
        };

        var made = await cards.Hsm.GeneratePinChangeAsync(request, default);

        Assert.Equal((HsmStatus.Ok, line.Expected), (made.Status, Convert.ToHexString(made.Command.Span)));
    }

    // Computed once from EMV Book 2 (8.1, 8.2, 9.2, 9.3, A1.3, A1.4) by another program, with the DES of OpenSSL: no published answer for the
    // common core definitions was found.
    [Fact]
    public async Task Common_core_cards_have_the_answers_that_another_program_computed()
    {
        var script = new ScriptRequest
        {
            Profile = EmvProfile.Ccd,
            IntegrityKey = await cards.AddAsync("smi", KeyUsage.EmvIntegrity, KeyMode.DeriveOnly, HsmCards.CardKey),
            Pan = HsmCards.Pan,
            Psn = 0,
            Atc = 0x3456,
            Cryptogram = 0xC8AE96C6AEC9F9EA,
        };
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
            new PinChangeRequest { Script = script, CryptogramKey = imk, ConfidentialityKey = smc, NewPin = HsmCards.Input(zone, "4711") }, default);

        Assert.Equal((HsmStatus.Ok, "C976335003A20000", "976816DC03A20000112233"), (answer.Status, PayShieldRig.Text(answer.Approval), PayShieldRig.Text(answer.Decline)));
        Assert.Equal("8424000218E4EA318F6BD1A2D614EADE642D866AE1BF1616B34B8E2FF7", Convert.ToHexString(change.Command.Span));
    }

    private static bool IsHashedShort(KnownLine line) => line.Text("mk_option") == "B" && line.Text("pan").Length <= 16;

    private static EmvProfile ProfileOf(KnownLine line) => line.Text("cvn") switch
    {
        "visa-0A" => EmvProfile.VisaCvn10,
        "visa-12" => EmvProfile.VisaCvn18,
        "visa-22" => EmvProfile.VisaCvn22,
        "mc-10" => EmvProfile.MChip10,
        "mc-11" => EmvProfile.MChip11,
        "mc-14" => EmvProfile.MChip14,
        "mc-15" => EmvProfile.MChip15,
        "interac-85" => EmvProfile.Interac133,
        _ => throw new ArgumentOutOfRangeException(nameof(line), line.Id, "No profile has this version."),
    };

    // A line that has the IVCVC3 alone is of the same card as one with the track.
    private static string TrackOf(KnownLine line) => line.Has("track")
        ? line.Text("track")
        : KnownLine.Every().First(other => other.Algorithm == "cvc3" && other.Has("track") && other.Text("pan") == line.Text("pan") && other.Text("imk_cvc3") == line.Text("imk_cvc3")).Text("track");

    private static SecretDigits Value(string digits) => SecretDigits.FromNumber(ulong.Parse(digits, CultureInfo.InvariantCulture), digits.Length);

    private async Task<CardValueRequest> DynamicAsync(KnownLine line)
    {
        var isCvc3 = line.Has("imk_cvc3");
        return new()
        {
            Kind = isCvc3 ? CardValueKind.Cvc3 : CardValueKind.Dcvv,
            Key = await cards.AddAsync("imk", KeyUsage.EmvDynamicNumbers, KeyMode.DeriveOnly, line.Text(isCvc3 ? "imk_cvc3" : "imk")),
            KeyOption = line.Text("mk_option") == "B" ? IccKeyOption.B : IccKeyOption.A,
            Pan = HsmCards.Read(line.Text("pan")),
            Psn = (byte)(line.Has("psn") ? line.Decimal("psn") : 0),
            Expiry = isCvc3 ? (ushort)0 : line.Decimal("expiry"),
            ServiceCode = isCvc3 ? (ushort)0 : line.Decimal("service_code"),
            Atc = isCvc3 ? (ushort)line.Hex64("atc") : line.Decimal("atc"),
            UnpredictableNumber = isCvc3 ? (uint)line.Hex64("un") : 0,
            Track = isCvc3 ? Convert.FromHexString(TrackOf(line)) : default,
        };
    }

    private async Task<ArqcRequest> ArqcAsync(KnownLine line, IccData icc) => new()
    {
        Profile = ProfileOf(line),
        Key = await cards.AddAsync("imk", KeyUsage.EmvCryptogram, KeyMode.DeriveOnly, line.Text("imk_ac")),
        Pan = HsmCards.Read(line.Text("pan")),
        Psn = (byte)line.Decimal("psn"),
        Icc = icc,
    };

    private async Task<ScriptRequest> ScriptAsync(KnownLine line) => new()
    {
        Profile = ProfileOf(line),
        IntegrityKey = await cards.AddAsync("smi", KeyUsage.EmvIntegrity, KeyMode.DeriveOnly, line.Text("imk_smi")),
        Pan = HsmCards.Read(line.Text("pan")),
        Psn = (byte)line.Decimal("psn"),
        Atc = (ushort)line.Hex64("9F36"),
        Cryptogram = BinaryPrimitives.ReadUInt64BigEndian(line.Bytes("9F26")),
    };

    private async Task VerifyAsync(CardValueRequest request, string expected)
    {
        var right = Value(expected);
        var wrong = SecretDigits.FromNumber((right.Reveal() + 1) % (ulong)Math.Pow(10, right.Length), right.Length);

        Assert.Equal(HsmStatus.Ok, await cards.Hsm.VerifyCardValueAsync(request, right, default));
        Assert.Equal(HsmStatus.VerificationFailed, await cards.Hsm.VerifyCardValueAsync(request, wrong, default));
    }
}
