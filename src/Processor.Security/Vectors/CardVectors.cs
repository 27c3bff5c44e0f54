using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Processor.Security.Vectors;

/// <summary>CVV and its kin, CVC3, CAVV, AAV.</summary>
internal static class CardVectors
{
    internal static JsonNode? Compute(string algorithm, VectorInputs inputs) => algorithm switch
    {
        "cvv" => Cvv(inputs.Des("cvk"), inputs.Pan(), inputs.Digits("expiry", 4, 4), inputs.Digits("service_code", 3, 3)),
        "cavv.visa_cvv" => Cavv(inputs, inputs.Digits("atn4", 4, 4)),
        "cavv.visa_structure" => CavvStructure(inputs),
        "dcvv.visa" => Dcvv(IccKey(inputs, "imk", hashesAlways: true), inputs),
        "dcvv.visa_from_icc_key" => Dcvv(inputs.Des("icc_key"), inputs),
        "cvc3" => Cvc3(inputs),
        "cvc3.iv" => IvCvc3(inputs),
        "cvc3.value" => Cvc3Value(inputs, inputs.Des("icc_key"), (ushort)inputs.Number("ivcvc3", 2)).ToString("D5", CultureInfo.InvariantCulture),
        "spa1.aav_hmac_sha1" => Aav(inputs),
        "spa2.amount_code" => Spa.AmountCode(inputs.Integer("amount_minor", 0, long.MaxValue)).ToString("X4", CultureInfo.InvariantCulture),
        "spa2.iav" => Iav(inputs),
        _ => null,
    };

    private static string Cvv(TripleDesKey key, ReadOnlySpan<byte> pan, ReadOnlySpan<byte> expiry, ReadOnlySpan<byte> serviceCode)
    {
        Span<byte> digits = [.. pan, .. expiry, .. serviceCode];
        return CardValue.Cvv(ref key, digits, 3).ToString("D3", CultureInfo.InvariantCulture);
    }

    private static string Cavv(VectorInputs inputs, ReadOnlySpan<byte> atn4) =>
        Cvv(inputs.Des("cavv_key"), inputs.Pan(), atn4, [.. inputs.Digits("auth_result", 1, 1), .. inputs.Digits("second_factor", 2, 2)]);

    // result(1 BCD byte) factor(1) key(1) CAVV(2 BCD) unpredictable number(2) transaction number(8) version and action(1) zeros(4)
    private static string CavvStructure(VectorInputs inputs)
    {
        var atn = inputs.Digits("atn", 16, 16);
        var value = Cavv(inputs, atn.AsSpan(12));
        var text = new StringBuilder()
            .Append('0').Append(inputs.Text("auth_result"))
            .Append(inputs.Text("second_factor"))
            .Append(Convert.ToHexString(inputs.Hex("key_id", 1)))
            .Append('0').Append(value)
            .Append(Encoding.ASCII.GetString(atn, 12, 4))
            .Append(Encoding.ASCII.GetString(atn))
            .Append(Convert.ToHexString(inputs.Hex("version_action", 1)));
        return text.ToString().PadRight(40, '0');
    }

    // The vectors of dynamic CVV take option B as jPOS does, which hashes a PAN of any length.
    private static TripleDesKey IccKey(VectorInputs inputs, string issuerKey, bool hashesAlways)
    {
        var issuer = inputs.Des(issuerKey);
        var psn = inputs.Has("psn") ? inputs.Psn() : 0;
        var option = EmvVectors.Option(inputs, "mk_option");
        var (left, right) = option == IccKeyOption.B && (hashesAlways || inputs.Text("force_option_b", "no") == "yes")
            ? IccKeys.MasterByHash(ref issuer, inputs.Pan(), psn)
            : IccKeys.Master(ref issuer, option, inputs.Pan(), psn);
        return new(left, right);
    }

    private static string Dcvv(TripleDesKey key, VectorInputs inputs)
    {
        var pan = inputs.Digits("pan", 4, 19);
        var atc = inputs.Digits("atc", 1, 5);
        CardValue.ReplaceByAtc(pan, int.Parse(atc, CultureInfo.InvariantCulture) % 10_000);
        return Cvv(key, pan, inputs.Digits("expiry", 4, 4), inputs.Digits("service_code", 3, 3));
    }

    private static string Cvc3(VectorInputs inputs)
    {
        var key = IccKey(inputs, "imk_cvc3", hashesAlways: false);
        var iv = inputs.Has("ivcvc3") ? (ushort)inputs.Number("ivcvc3", 2) : CardValue.IvCvc3(ref key, inputs.Hex("track"));
        var digits = inputs.Has("digits") ? (int)inputs.Integer("digits", 1, 5) : 3;
        return Cvc3Value(inputs, key, iv).ToString("D5", CultureInfo.InvariantCulture)[^digits..];
    }

    private static string IvCvc3(VectorInputs inputs)
    {
        var key = inputs.Des("icc_key");
        return CardValue.IvCvc3(ref key, inputs.Hex("track")).ToString("X4", CultureInfo.InvariantCulture);
    }

    private static ushort Cvc3Value(VectorInputs inputs, TripleDesKey key, ushort iv) =>
        CardValue.Cvc3(ref key, iv, (uint)inputs.Number("un", 4), (ushort)inputs.Number("atc", 2));

    private static string Aav(VectorInputs inputs)
    {
        var target = new byte[Spa.AavLength];
        byte[] tail = [.. inputs.Hex("acs_id", 1), .. inputs.Hex("auth_method_and_key_id", 1), .. inputs.Hex("tsn", 4)];
        Spa.Aav(inputs.Hex("key"), inputs.Pan(), Encoding.UTF8.GetBytes(inputs.Text("merchant_name")), inputs.Hex("control_byte", 1)[0], tail, target);
        return Convert.ToHexString(target);
    }

    private static string Iav(VectorInputs inputs) => Spa.Iav(
        inputs.Hex("key"),
        inputs.Pan(),
        Encoding.UTF8.GetBytes(inputs.Text("merchant_name")),
        inputs.Integer("amount_minor", 0, long.MaxValue),
        (ushort)DigitBlock.Pack(inputs.Digits("currency", 1, 4)),
        (uint)inputs.Number("ds_trans_id_4", 4)).ToString("X8", CultureInfo.InvariantCulture);
}
