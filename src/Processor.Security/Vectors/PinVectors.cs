using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Processor.Security.Vectors;

/// <summary>PIN blocks, PVV, IBM 3624.</summary>
internal static class PinVectors
{
    internal static JsonNode? Compute(string algorithm, VectorInputs inputs) => algorithm switch
    {
        "pvv.visa" => Pvv(inputs),
        "ibm3624.pin" => NaturalPin(inputs),
        "ibm3624.offset" => Offset(inputs),
        "pinblock.iso0.encode" => Encode(PinBlockFormat.Iso0, inputs),
        "pinblock.iso1.encode" => Encode(PinBlockFormat.Iso1, inputs),
        "pinblock.iso2.encode" => Encode(PinBlockFormat.Iso2, inputs),
        "pinblock.iso3.encode" => Encode(PinBlockFormat.Iso3, inputs),
        "pinblock.iso0.decode" => Decode(PinBlockFormat.Iso0, inputs.Hex("block"), inputs),
        "pinblock.iso1.decode" => Decode(PinBlockFormat.Iso1, inputs.Hex("block"), inputs),
        "pinblock.iso2.decode" => Decode(PinBlockFormat.Iso2, inputs.Hex("block"), inputs),
        "pinblock.iso3.decode" => Decode(PinBlockFormat.Iso3, inputs.Hex("block"), inputs),
        "pinblock.iso4.pan_field" => Hex128(PinBlockCode.PanField4(inputs.Pan())),
        "pinblock.iso4.encrypt" => Encrypt4(inputs.Aes("key"), inputs.Pin("pin"), inputs),
        "pinblock.iso4.decrypt" => Fault(Decrypt4(inputs.Aes("key"), inputs.Hex("block"), inputs, out var pin), pin),
        "pinblock.iso0.encrypt_tdes" => EncryptTdes(PinBlockFormat.Iso0, inputs.Des("key"), inputs.Pin("pin"), inputs),
        "pinblock.iso3.encrypt_tdes" => EncryptTdes(PinBlockFormat.Iso3, inputs.Des("key"), inputs.Pin("pin"), inputs),
        "pinblock.decrypt_tdes" => DecryptTdes(Format(inputs, "format"), inputs.Des("key"), inputs),
        "pinblock.translate" => Translate(inputs),
        _ => null,
    };

    internal static string EncryptTdes(PinBlockFormat format, TripleDesKey key, ClearPin pin, VectorInputs inputs) =>
        key.Encrypt(PinBlockCode.Encode(format, pin, PanField(format, inputs), Fill(format, pin, inputs))).ToString("X16", CultureInfo.InvariantCulture);

    internal static string Encrypt4(AesKey key, ClearPin pin, VectorInputs inputs)
    {
        var block = new byte[16];
        PinBlockCipher.Encrypt4(ref key, pin, PinBlockCode.PanField4(inputs.Pan()), inputs.Number("random", 8), block);
        return Convert.ToHexString(block);
    }

    private static string Pvv(VectorInputs inputs)
    {
        var key = inputs.Des("pvk");
        return PinValue.Pvv(ref key, inputs.Digits("pan", 2, 19), (int)inputs.Integer("pvki", 0, 9), inputs.Pin("pin")).ToString("D4", CultureInfo.InvariantCulture);
    }

    private static ulong Natural(VectorInputs inputs)
    {
        var key = inputs.Des("pvk");
        return PinValue.Natural(ref key, inputs.Pan(), Profile(inputs));
    }

    private static Ibm3624Profile Profile(VectorInputs inputs)
    {
        var pad = inputs.Text("pan_pad", "F");
        if (pad.Length != 1 || !char.IsAsciiHexDigit(pad[0]))
            throw new VectorException("pan_pad is no hexadecimal digit.");
        try
        {
            return new(inputs.Text("dec_table"), (int)inputs.Integer("pan_verify_offset", 0, 18), (int)inputs.Integer("pan_verify_length", 1, 16), pad[0]);
        }
        catch (ArgumentException)
        {
            throw new VectorException("dec_table is no decimalisation table that is safe to use.");
        }
    }

    private static string NaturalPin(VectorInputs inputs)
    {
        SecretDigits.TryFromDigits(inputs.Digits("offset", 4, 12), out var offset);
        return Text(PinValue.FromOffset(Natural(inputs), offset));
    }

    private static string Offset(VectorInputs inputs)
    {
        var pin = inputs.Pin("pin");
        return PinValue.Offset(Natural(inputs), pin).ToString(CultureInfo.InvariantCulture).PadLeft(pin.Length, '0');
    }

    private static string Encode(PinBlockFormat format, VectorInputs inputs)
    {
        var pin = inputs.Pin("pin");
        return PinBlockCode.Encode(format, pin, PanField(format, inputs), Fill(format, pin, inputs)).ToString("X16", CultureInfo.InvariantCulture);
    }

    private static string Decode(PinBlockFormat format, ReadOnlySpan<byte> block, VectorInputs inputs)
    {
        if (block.Length != 8)
            return Fault(PinBlockFault.Size, default);
        return Fault(PinBlockCode.Decode(format, BinaryPrimitives.ReadUInt64BigEndian(block), PanField(format, inputs), out var pin), pin);
    }

    private static string DecryptTdes(PinBlockFormat format, TripleDesKey key, VectorInputs inputs)
    {
        var block = inputs.Hex("block");
        if (block.Length == 8)
            key.Decrypt(block);
        return Decode(format, block, inputs);
    }

    private static PinBlockFault Decrypt4(AesKey key, ReadOnlySpan<byte> block, VectorInputs inputs, out ClearPin pin) =>
        PinBlockCipher.Decrypt4(ref key, block, PinBlockCode.PanField4(inputs.Pan()), out pin);

    private static string Translate(VectorInputs inputs)
    {
        var source = Format(inputs, "format_in");
        var target = Format(inputs, "format_out");
        var block = inputs.Hex("block_in");
        if (!PinTranslation.IsAllowed(source, target))
            return "ERR:POLICY";
        ClearPin pin;
        PinBlockFault fault;
        if (source == PinBlockFormat.Iso4)
        {
            fault = Decrypt4(inputs.Aes("key_in"), block, inputs, out pin);
        }
        else
        {
            if (block.Length != 8)
                return Fault(PinBlockFault.Size, default);
            inputs.Des("key_in").Decrypt(block);
            fault = PinBlockCode.Decode(source, BinaryPrimitives.ReadUInt64BigEndian(block), PanField(source, inputs), out pin);
        }

        if (fault != PinBlockFault.None)
            return Fault(fault, default);
        return target == PinBlockFormat.Iso4 ? Encrypt4(inputs.Aes("key_out"), pin, inputs) : EncryptTdes(target, inputs.Des("key_out"), pin, inputs);
    }

    private static PinBlockFormat Format(VectorInputs inputs, string name) => (PinBlockFormat)inputs.Integer(name, 0, 4);

    private static ulong PanField(PinBlockFormat format, VectorInputs inputs) =>
        format is PinBlockFormat.Iso0 or PinBlockFormat.Iso3 ? PinBlockCode.PanField(inputs.Pan()) : 0;

    // The filling is given as the nibbles that follow the PIN, as many as there is room for, or as more of which the first are taken.
    private static ulong Fill(PinBlockFormat format, in ClearPin pin, VectorInputs inputs)
    {
        if (format is PinBlockFormat.Iso0 or PinBlockFormat.Iso2)
            return 0;
        var room = 14 - pin.Length;
        var text = inputs.Text("fill", inputs.Text("random", ""));
        if (text.Length < room || !ulong.TryParse(text[..room], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var fill))
            throw new VectorException("fill is not hexadecimal, or too short.");
        return fill;
    }

    private static string Fault(PinBlockFault fault, in ClearPin pin) =>
        fault == PinBlockFault.None ? Text(pin) : "ERR:" + fault.ToString().ToUpperInvariant();

    private static string Text(in ClearPin pin) => pin.Digits.ToString("X", CultureInfo.InvariantCulture).PadLeft(pin.Length, '0');

    private static string Hex128(UInt128 value) => value.ToString("X32", CultureInfo.InvariantCulture);
}
