using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Processor.Security.Vectors;

/// <summary>The inputs of one test vector: strings by name.</summary>
internal sealed class VectorInputs(JsonElement inputs)
{
    internal bool Has(string name) => inputs.TryGetProperty(name, out _);

    internal string Text(string name) =>
        inputs.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new VectorException($"There is no {name}.");

    internal string Text(string name, string otherwise) => Has(name) ? Text(name) : otherwise;

    internal byte[] Hex(string name)
    {
        try
        {
            return Convert.FromHexString(Text(name));
        }
        catch (FormatException)
        {
            throw new VectorException($"{name} is not hexadecimal.");
        }
    }

    internal byte[] Hex(string name, params ReadOnlySpan<int> lengths)
    {
        var bytes = Hex(name);
        return lengths.Contains(bytes.Length) ? bytes : throw new VectorException($"{name} has a length that it cannot have.");
    }

    internal byte[] HexUpTo(string name, int lengthMax)
    {
        var bytes = Has(name) ? Hex(name) : [];
        return bytes.Length <= lengthMax ? bytes : throw new VectorException($"{name} is too long.");
    }

    internal ulong Number(string name, int bytes)
    {
        ulong number = 0;
        foreach (var item in Hex(name, bytes))
            number = (number << 8) | item;
        return number;
    }

    internal byte[] Digits(string name, int least, int most)
    {
        var text = Text(name);
        if (text.Length < least || text.Length > most || !text.All(char.IsAsciiDigit))
            throw new VectorException($"{name} is not {least} to {most} digits.");
        return Encoding.ASCII.GetBytes(text);
    }

    internal byte[] Pan() => Digits("pan", 1, 19);

    internal long Integer(string name, long least, long most) =>
        long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new VectorException($"{name} is not {least} to {most}.");

    internal TripleDesKey Des(string name) => new(Hex(name, 8, 16, 24));

    internal AesKey Aes(string name) => new(Hex(name, 16, 24, 32));

    internal (ulong Left, ulong Right) Double(string name)
    {
        var key = Hex(name, 16);
        return (System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(key), System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(key.AsSpan(8)));
    }

    internal ClearPin Pin(string name) =>
        ClearPin.TryFrom(Digits(name, ClearPin.LengthMin, ClearPin.LengthMax), out var pin) ? pin : throw new VectorException($"{name} is no PIN.");

    internal int Psn() => (int)Integer("psn", 0, 99);
}
