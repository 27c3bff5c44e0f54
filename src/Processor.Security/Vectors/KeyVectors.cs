using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Processor.Security.Vectors;

/// <summary>Check values, components, key blocks, DUKPT, and the variant keys of a payShield's test set.</summary>
internal static class KeyVectors
{
    internal static JsonNode? Compute(string algorithm, VectorInputs inputs) => algorithm switch
    {
        "key.kcv_tdes" => Kcv(inputs, isAes: false),
        "key.kcv_aes_cmac" => Kcv(inputs, isAes: true),
        "key.components_xor" => Components(inputs),
        "tr31.unwrap" => Unwrap(inputs),
        "tr31.wrap" => Wrap(inputs),
        "dukpt.tdes_key" => Hex(TdesKey(inputs)),
        "dukpt.tdes_pin" => PinVectors.EncryptTdes(PinBlockFormat.Iso0, EmvVectors.Key(DukptTdes.PinKey(TdesKey(inputs))), inputs.Pin("pin"), inputs),
        "dukpt.tdes_mac" => TdesMac(inputs),
        "dukpt.aes_ik" => InitialKey(inputs),
        "dukpt.aes_key" => Convert.ToHexString(AesKeyOf(inputs, inputs.Text("usage"))),
        "dukpt.aes_pin" => PinVectors.Encrypt4(new AesKey(AesKeyOf(inputs, "pin")), inputs.Pin("pin"), inputs),
        "lmk.variant_encrypt" => LmkVariant.Encrypt(inputs),
        _ => null,
    };

    private static string Kcv(VectorInputs inputs, bool isAes)
    {
        var value = new byte[(int)inputs.Integer("bytes", 1, isAes ? 16 : 8)];
        if (isAes)
            KeyCheckValue.OfAes(inputs.Hex("key", 16, 24, 32), value);
        else
            KeyCheckValue.OfDes(inputs.Hex("key", 8, 16, 24), value);
        return Convert.ToHexString(value);
    }

    private static JsonObject Components(VectorInputs inputs)
    {
        byte[] key = [];
        foreach (var text in inputs.Text("components").Split(','))
        {
            byte[] component;
            try
            {
                component = Convert.FromHexString(text.Trim());
            }
            catch (FormatException)
            {
                throw new VectorException("components are not hexadecimal.");
            }

            if (key.Length == 0)
                key = new byte[component.Length];
            if (component.Length != key.Length || key.Length is not (8 or 16 or 24))
                throw new VectorException("components are not of one length.");
            Modes.Xor(key, component);
        }

        if (inputs.Text("adjust_parity", "no") == "yes")
            Parity.Adjust(key);
        var value = new byte[3];
        KeyCheckValue.OfDes(key, value);
        return new JsonObject { ["key"] = Convert.ToHexString(key), ["kcv"] = Convert.ToHexString(value) };
    }

    private static string Unwrap(VectorInputs inputs)
    {
        Span<byte> key = stackalloc byte[KeyBlock.KeyDataLengthMax];
        var fault = KeyBlock.Unwrap(inputs.Hex("kbpk", 16, 24, 32), Encoding.ASCII.GetBytes(inputs.Text("key_block")), out _, key, out var length);
        return fault == KeyBlockFault.None ? Convert.ToHexString(key[..length]) : Fault(fault);
    }

    private static string Wrap(VectorInputs inputs)
    {
        var fault = KeyBlock.Wrap(inputs.Hex("kbpk", 16, 24, 32), Encoding.ASCII.GetBytes(inputs.Text("header")), inputs.HexUpTo("key", 512), inputs.HexUpTo("padding", 512), out var block);
        return fault == KeyBlockFault.None ? Encoding.ASCII.GetString(block) : Fault(fault);
    }

    private static string Fault(KeyBlockFault fault) => fault switch
    {
        KeyBlockFault.Length => "ERR:LENGTH",
        KeyBlockFault.Mac => "ERR:MAC",
        KeyBlockFault.KeyLength => "ERR:KEYLEN",
        KeyBlockFault.Version => "ERR:VERSION",
        _ => "ERR:FORMAT",
    };

    private static string Hex((ulong Left, ulong Right) key) => EmvVectors.Hex(key.Left) + EmvVectors.Hex(key.Right);

    private static (ulong Left, ulong Right) TdesKey(VectorInputs inputs)
    {
        UInt128 ksn = 0;
        foreach (var item in inputs.Hex("ksn", 10))
            ksn = (ksn << 8) | item;
        return DukptTdes.TransactionKey(inputs.Double("bdk"), ksn);
    }

    private static string TdesMac(VectorInputs inputs)
    {
        var isResponse = inputs.Text("direction", "request") switch
        {
            "request" => false,
            "response" => true,
            _ => throw new VectorException("direction is not request or response."),
        };
        var key = EmvVectors.Key(DukptTdes.MacKey(TdesKey(inputs), isResponse));
        return EmvVectors.Hex(RetailMac.Algorithm3(ref key, inputs.Hex("data"), MacPadding.Method1))[..8];
    }

    private static string InitialKey(VectorInputs inputs)
    {
        var baseKey = inputs.Hex("bdk", 16, 24, 32);
        var key = new byte[baseKey.Length];
        DukptAes.InitialKey(baseKey, inputs.Hex("ikid", 8), key);
        return Convert.ToHexString(key);
    }

    private static byte[] AesKeyOf(VectorInputs inputs, string usage)
    {
        var (algorithm, length) = inputs.Text("key_type", "AES128") switch
        {
            "AES128" => ((ushort)2, 16),
            "AES192" => ((ushort)3, 24),
            "AES256" => ((ushort)4, 32),
            "TDEA2" or "2TDEA" or "TDES2" => ((ushort)0, 16),
            "TDEA3" or "3TDEA" or "TDES3" => ((ushort)1, 24),
            _ => throw new VectorException("key_type is not known."),
        };
        ushort code = usage switch
        {
            "derivation" => DukptAes.UsageDerivation,
            "kek" or "key_enc" => DukptAes.UsageKeyEncryption,
            "pin" or "pin_enc" => DukptAes.UsagePin,
            "mac_gen" => DukptAes.UsageMacGenerate,
            "mac_ver" or "mac_verify" => DukptAes.UsageMacVerify,
            "mac_both" => DukptAes.UsageMacBoth,
            "data_enc" => DukptAes.UsageDataEncrypt,
            "data_dec" => DukptAes.UsageDataDecrypt,
            "data_both" => DukptAes.UsageDataBoth,
            _ => throw new VectorException("usage is not known."),
        };
        var key = new byte[length];
        DukptAes.TransactionKey(inputs.Hex("bdk", 16, 24, 32), inputs.Hex("ksn", 12), code, algorithm, key);
        return key;
    }
}
