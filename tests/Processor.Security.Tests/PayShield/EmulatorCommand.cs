using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Processor.Security.Tests;

/// <summary>Reads a command's fields from left to right. A field that is not there is an error 15, told by an exception inside the emulator.</summary>
internal sealed class EmulatorCommand(byte[] body)
{
    private int at = 2;

    internal string Code { get; } = Encoding.ASCII.GetString(body, 0, 2);

    internal bool IsAtEnd => at == body.Length;

    internal byte[] Bytes(int count)
    {
        if (count < 0 || at + count > body.Length)
            throw new EmulatorRefusal("15");
        at += count;
        return body[(at - count)..at];
    }

    internal string Text(int count) => Encoding.ASCII.GetString(Bytes(count));

    internal int Number(int count) => int.TryParse(Text(count), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw new EmulatorRefusal("15");

    internal int HexNumber(int count) => int.Parse(Text(count), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    internal ulong Hex64() => ulong.Parse(Text(16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    internal ulong Binary64() => BinaryPrimitives.ReadUInt64BigEndian(Bytes(8));

    internal string Until(char end)
    {
        var length = Array.IndexOf(body, (byte)end, at) - at;
        var text = Text(length);
        at++;
        return text;
    }

    internal void Expect(string text)
    {
        if (Text(text.Length) != text)
            throw new EmulatorRefusal("15");
    }

    internal byte[] KeyBytes(string parityError)
    {
        if (body[at] != (byte)'U')
            throw new EmulatorRefusal("26");
        return EmulatorKeys.TryOpen(Bytes(33), out var key) ? key : throw new EmulatorRefusal(parityError);
    }

    internal TripleDesKey Key(string parityError = "10") => new(KeyBytes(parityError));
}

/// <summary>An error code that is not 00.</summary>
internal sealed class EmulatorRefusal(string code) : Exception
{
    internal string Code { get; } = code;
}
