using System.Globalization;
using System.Text.Json.Nodes;

namespace Processor.Security.Vectors;

/// <summary>Keys of cards, cryptograms and secure messaging, piece by piece.</summary>
internal static class EmvVectors
{
    internal static JsonNode? Compute(string algorithm, VectorInputs inputs) => algorithm switch
    {
        "emv.icc_mk" => Hex(Master(inputs, "imk", "option")),
        "emv.icc_mk_kcv" => Kcv(Master(inputs, "imk", "option"), inputs),
        "emv.sk_common" => Hex(Session(inputs.Double("icc_mk"), inputs)),
        "emv.sk_common_kcv" => Kcv(Session(Master(inputs, "imk", "option"), inputs), inputs),
        "emv.sk_sm_visa" => Hex(IccKeys.VisaMessaging(inputs.Double("icc_mk"), (ushort)inputs.Number("atc", 2))),
        "emv.sk_emv2000_tree" => Tree(inputs),
        "emv.ac" => Ac(inputs.Des("sk"), inputs),
        "emv.arpc1" => Hex(Arpc1(inputs.Des("key"), inputs)),
        "emv.arpc2" => Arpc2(inputs.Des("key"), inputs),
        "emv.arqc_full" => Ac(Key(FullSession(inputs)), inputs),
        "emv.arpc_full" => ArpcFull(inputs),
        "emv.sm_mac" => SmMac(inputs),
        "emv.sm_encrypt" => SmEncrypt(inputs),
        "emv.vis_pin_block" => Hex(SecureMessaging.VisPinBlock(inputs.Double("icc_mk_ac").Left, inputs.Pin("pin"), inputs.Has("current_pin") ? inputs.Pin("current_pin") : default)),
        _ => null,
    };

    internal static IccKeyOption Option(VectorInputs inputs, string name) => inputs.Text(name, "A") switch
    {
        "A" => IccKeyOption.A,
        "B" => IccKeyOption.B,
        _ => throw new VectorException($"{name} is not A or B."),
    };

    internal static string Hex(ulong block) => block.ToString("X16", CultureInfo.InvariantCulture);

    internal static (ulong Left, ulong Right) Master(VectorInputs inputs, string issuerKey, string option)
    {
        var issuer = inputs.Des(issuerKey);
        return IccKeys.Master(ref issuer, Option(inputs, option), inputs.Pan(), inputs.Psn());
    }

    internal static TripleDesKey Key((ulong Left, ulong Right) key) => new(key.Left, key.Right);

    internal static string Arpc2(TripleDesKey key, VectorInputs inputs)
    {
        var proprietary = inputs.HexUpTo("prop_auth_data", 8);
        ulong data = 0;
        for (var index = 0; index < 8; index++)
            data = (data << 8) | (index < proprietary.Length ? proprietary[index] : 0u);
        var arpc = Cryptogram.Arpc2(ref key, inputs.Number(inputs.Has("arqc") ? "arqc" : "9F26", 8), (uint)inputs.Number("csu", 4), data, proprietary.Length);
        return arpc.ToString("X8", CultureInfo.InvariantCulture);
    }

    private static string Hex((ulong Left, ulong Right) key) => Hex(Parity.Adjust(key.Left)) + Hex(Parity.Adjust(key.Right));

    private static string Kcv((ulong Left, ulong Right) key, VectorInputs inputs) =>
        Hex(Key(key).Encrypt(0ul))[..(2 * (int)inputs.Integer("bytes", 1, 8))];

    private static (ulong Left, ulong Right) Session((ulong Left, ulong Right) master, VectorInputs inputs)
    {
        var key = Key(master);
        return IccKeys.CommonSession(ref key, inputs.Number("r", 8));
    }

    private static string Tree(VectorInputs inputs) => Hex(IccKeys.Tree(
        inputs.Double("icc_mk"),
        inputs.Has("iv") ? inputs.Double("iv") : default,
        (ushort)inputs.Number("atc", 2),
        (int)inputs.Integer("height", 1, 16),
        (int)inputs.Integer("branch", 2, 255)));

    private static string Ac(TripleDesKey key, VectorInputs inputs)
    {
        var padding = inputs.Text("padding") switch
        {
            "visa" => MacPadding.Method1,
            "emv" => MacPadding.Method2,
            _ => throw new VectorException("padding is not visa or emv."),
        };
        return Hex(RetailMac.Algorithm3(ref key, inputs.Hex("data"), padding));
    }

    private static ulong Arpc1(TripleDesKey key, VectorInputs inputs) =>
        Cryptogram.Arpc1(ref key, inputs.Number("arqc", 8), (ushort)inputs.Number("arc", 2));

    private static (ulong Left, ulong Right) FullSession(VectorInputs inputs)
    {
        var master = Master(inputs, "imk_ac", "mk_option");
        var key = Key(master);
        var atc = (ushort)inputs.Number("atc", 2);
        return inputs.Text("sk_method") switch
        {
            "none" => master,
            "csk" => Cryptogram.Session(ref key, SessionMethod.Common, atc, 0),
            "mchip" => Cryptogram.Session(ref key, SessionMethod.MChip, atc, (uint)inputs.Number("un", 4)),
            _ => throw new VectorException("sk_method is not none, csk or mchip."),
        };
    }

    private static string ArpcFull(VectorInputs inputs)
    {
        var key = inputs.Text("arpc_key") switch
        {
            "icc_mk" => Key(Master(inputs, "imk_ac", "mk_option")),
            "sk" => Key(FullSession(inputs)),
            _ => throw new VectorException("arpc_key is not icc_mk or sk."),
        };
        return inputs.Text("arpc_method") == "2" ? Arpc2(key, inputs) : Hex(Arpc1(key, inputs));
    }

    private static string SmMac(VectorInputs inputs)
    {
        var key = inputs.Des("sk_smi");
        return Hex(RetailMac.Algorithm3(ref key, inputs.Hex("command"), MacPadding.Method2));
    }

    private static string SmEncrypt(VectorInputs inputs)
    {
        var key = inputs.Des("sk_smc");
        var cipher = inputs.Text("type") switch
        {
            "VISA" => MessagingCipher.Visa,
            "MASTERCARD" => MessagingCipher.Mastercard,
            "EMV" => MessagingCipher.Emv,
            _ => throw new VectorException("type is not VISA, MASTERCARD or EMV."),
        };
        var data = inputs.HexUpTo("data", SecureMessaging.DataLengthMax);
        var target = new byte[data.Length + 16];
        var length = SecureMessaging.Encrypt(ref key, cipher, data, target);
        return Convert.ToHexString(target.AsSpan(0, length));
    }
}
