using System.Globalization;
using System.Text.Json.Nodes;

namespace Processor.Security.Vectors;

/// <summary>Whole cryptograms, answers and commands by cryptogram version.</summary>
internal static class CvnVectors
{
    internal static JsonNode? Compute(string algorithm, VectorInputs inputs) => algorithm switch
    {
        "emv.cvn_arqc" => Arqc(inputs),
        "emv.cvn_arpc" => Arpc(inputs),
        "emv.cvn_script_mac" => ScriptMac(inputs),
        "emv.cvn_pin_change" => PinChange(inputs),
        _ => null,
    };

    private static EmvRules Rules(VectorInputs inputs)
    {
        var profile = inputs.Text("cvn") switch
        {
            "visa-0A" => EmvProfile.VisaCvn10,
            "visa-12" => EmvProfile.VisaCvn18,
            "visa-22" => EmvProfile.VisaCvn22,
            "mc-10" => EmvProfile.MChip10,
            "mc-11" => EmvProfile.MChip11,
            "mc-14" => EmvProfile.MChip14,
            "mc-15" => EmvProfile.MChip15,
            "interac-85" => EmvProfile.Interac133,
            "ccd-A5" => EmvProfile.Ccd,
            _ => throw new VectorException("cvn is not known."),
        };
        return EmvRules.TryGet(profile, out var rules) ? rules : throw new VectorException("cvn is not known.");
    }

    private static (ulong Left, ulong Right) Master(VectorInputs inputs, string name)
    {
        var issuer = inputs.Des(name);
        return IccKeys.Master(ref issuer, EmvVectors.Option(inputs, "mk_option"), inputs.Pan(), inputs.Psn());
    }

    private static TripleDesKey Session(VectorInputs inputs, in EmvRules rules)
    {
        var master = EmvVectors.Key(Master(inputs, "imk_ac"));
        if (rules.Session == SessionMethod.None)
            return master;
        var un = inputs.Has("9F37") ? (uint)inputs.Number("9F37", 4) : 0;
        return EmvVectors.Key(Cryptogram.Session(ref master, rules.Session, (ushort)inputs.Number("9F36", 2), un));
    }

    private static string Arqc(VectorInputs inputs)
    {
        var rules = Rules(inputs);
        byte[] tail = inputs.Has("9F10") ? inputs.HexUpTo("9F10", 32) : [.. inputs.HexUpTo("cvr", 32), .. inputs.HexUpTo("counters", 32)];
        byte[] data =
        [
            .. inputs.Hex("9F02", 6), .. inputs.Hex("9F03", 6), .. inputs.Hex("9F1A", 2), .. inputs.Hex("95", 5), .. inputs.Hex("5F2A", 2),
            .. inputs.Hex("9A", 3), .. inputs.Hex("9C", 1), .. inputs.Hex("9F37", 4), .. inputs.Hex("82", 2), .. inputs.Hex("9F36", 2), .. tail,
        ];
        var key = Session(inputs, rules);
        return EmvVectors.Hex(RetailMac.Algorithm3(ref key, data, rules.Padding));
    }

    private static string Arpc(VectorInputs inputs)
    {
        var rules = Rules(inputs);
        var key = rules.IsArpcByMaster ? EmvVectors.Key(Master(inputs, "imk_ac")) : Session(inputs, rules);
        if (rules.ArpcMethod == 2)
            return EmvVectors.Arpc2(key, inputs);
        return EmvVectors.Hex(Cryptogram.Arpc1(ref key, inputs.Number("9F26", 8), (ushort)inputs.Number("arc", 2)));
    }

    private static TripleDesKey Messaging(VectorInputs inputs, in EmvRules rules, string issuerKey)
    {
        var master = Master(inputs, issuerKey);
        if (rules.Messaging == MessagingMethod.Visa)
            return EmvVectors.Key(IccKeys.VisaMessaging(master, (ushort)inputs.Number("9F36", 2)));
        var key = EmvVectors.Key(master);
        return EmvVectors.Key(IccKeys.CommonSession(ref key, inputs.Number("9F26", 8)));
    }

    private static ulong Mac(VectorInputs inputs, in EmvRules rules, ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        var key = Messaging(inputs, rules, "imk_smi");
        return SecureMessaging.Mac(ref key, rules, header, (ushort)inputs.Number("9F36", 2), inputs.Number("9F26", 8), data);
    }

    private static string ScriptMac(VectorInputs inputs) =>
        EmvVectors.Hex(Mac(inputs, Rules(inputs), inputs.Hex("header", 4, 5), inputs.HexUpTo("data", SecureMessaging.DataLengthMax)));

    private static string PinChange(VectorInputs inputs)
    {
        var rules = Rules(inputs);
        var pin = inputs.Pin("pin");
        var hasCurrent = inputs.Has("current_pin");
        var current = hasCurrent ? inputs.Pin("current_pin") : default;
        var block = rules.IsVisPin || hasCurrent
            ? SecureMessaging.VisPinBlock(Master(inputs, "imk_ac").Left, pin, current)
            : pin.Field(2, PinBlockCode.FilledWithF);
        var clear = Convert.FromHexString(EmvVectors.Hex(block));
        Span<byte> cipher = stackalloc byte[32];
        var key = Messaging(inputs, rules, "imk_smc");
        var length = SecureMessaging.Encrypt(ref key, rules.Cipher, clear, cipher);
        byte[] header = [0x84, 0x24, 0x00, (byte)(hasCurrent ? 1 : 2), (byte)(length + 8)];
        var mac = Mac(inputs, rules, header, cipher[..length]);
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(header)}{Convert.ToHexString(cipher[..length])}{mac:X16}");
    }
}
