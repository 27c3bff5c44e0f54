using System.Buffers.Text;

namespace Processor.Ledger;

/// <summary>Writes commands as Redis reads them: a list of bulk strings.</summary>
internal static class RespWriter
{
    private const int NumberLengthMax = 20;
    private const int LineLengthMax = 1 + NumberLengthMax + 2;

    /// <summary>The head of a command of so many parts, its name included.</summary>
    internal static void WriteCount(ref BatchBuffer target, int parts) => WriteLine(ref target, (byte)'*', parts);

    internal static void WriteText(ref BatchBuffer target, scoped ReadOnlySpan<byte> text)
    {
        WriteLine(ref target, (byte)'$', text.Length);
        target.Write(text);
        target.Write("\r\n"u8);
    }

    internal static void WriteNumber(ref BatchBuffer target, long number)
    {
        Span<byte> digits = stackalloc byte[NumberLengthMax];
        Utf8Formatter.TryFormat(number, digits, out var length);
        WriteText(ref target, digits[..length]);
    }

    /// <summary>A whole command.</summary>
    internal static byte[] Write(params ReadOnlySpan<RespArgument> parts)
    {
        var length = LineLengthMax;
        foreach (var part in parts)
            length += LineLengthMax + part.Bytes.Length + 2;
        var buffer = new BatchBuffer(length);
        WriteCount(ref buffer, parts.Length);
        foreach (var part in parts)
            WriteText(ref buffer, part.Bytes.Span);
        return buffer.Written.ToArray();
    }

    private static void WriteLine(ref BatchBuffer target, byte kind, int number)
    {
        Span<byte> line = stackalloc byte[LineLengthMax];
        line[0] = kind;
        Utf8Formatter.TryFormat(number, line[1..], out var length);
        "\r\n"u8.CopyTo(line[(1 + length)..]);
        target.Write(line[..(1 + length + 2)]);
    }
}
