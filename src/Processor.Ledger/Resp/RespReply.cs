using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Processor.Ledger;

/// <summary>One reply of Redis. It owns what it holds: nothing of it lies in a buffer that is used again.</summary>
internal readonly struct RespReply
{
    private readonly object? content;
    private readonly long number;

    private RespReply(RespKind kind, object? content = null, long number = 0)
    {
        Kind = kind;
        this.content = content;
        this.number = number;
    }

    internal RespKind Kind { get; }

    internal bool IsNull => Kind == RespKind.Null;

    /// <summary>A text or an error as it came. Empty for all else.</summary>
    internal ReadOnlySpan<byte> Bytes => content as byte[];

    /// <summary>Builds what <see cref="RespScanner"/> has found to be whole.</summary>
    /// <param name="bytes">The reply, from its first byte.</param>
    internal static RespReply Read(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        return Read(bytes, ref position);
    }

    // kind(1) line \r\n, and for a bulk string so many bytes \r\n. A length or count of -1 means nothing.
    private static RespReply Read(ReadOnlySpan<byte> bytes, ref int position)
    {
        var kind = bytes[position];
        var line = bytes[(position + 1)..];
        line = line[..line.IndexOf((byte)'\r')];
        position += 1 + line.Length + 2;
        switch (kind)
        {
            case (byte)'+':
                return new(RespKind.Text, line.ToArray());
            case (byte)'-':
                return new(RespKind.Error, line.ToArray());
            case (byte)':':
                return new(RespKind.Integer, number: NumberOf(line));
            case (byte)'$':
                var length = (int)NumberOf(line);
                if (length < 0)
                    return default;
                position += length + 2;
                return new(RespKind.Text, bytes.Slice(position - length - 2, length).ToArray());
            default:
                var count = (int)NumberOf(line);
                if (count < 0)
                    return default;
                var items = new RespReply[count];
                for (var index = 0; index < count; index++)
                    items[index] = Read(bytes, ref position);
                return new(RespKind.List, items);
        }
    }

    /// <summary>A text's bytes; null for nothing.</summary>
    /// <exception cref="InvalidCastException">It is something else.</exception>
    public static explicit operator byte[]?(RespReply reply) =>
        reply.Kind is RespKind.Text ? (byte[])reply.content! : reply.IsNull ? null : throw Unexpected(reply.Kind, "a text");

    /// <summary>A text, of UTF-8; a number as digits; null for nothing.</summary>
    /// <exception cref="InvalidCastException">It is something else.</exception>
    public static explicit operator string?(RespReply reply) => reply.Kind switch
    {
        RespKind.Text or RespKind.Error => Encoding.UTF8.GetString(reply.Bytes),
        RespKind.Integer => reply.number.ToString(CultureInfo.InvariantCulture),
        RespKind.Null => null,
        _ => throw Unexpected(reply.Kind, "a text"),
    };

    /// <summary>A number, or a text of digits.</summary>
    /// <exception cref="InvalidCastException">It is something else.</exception>
    public static explicit operator long(RespReply reply) => reply.Kind switch
    {
        RespKind.Integer => reply.number,
        RespKind.Text when Utf8Parser.TryParse(reply.Bytes, out long value, out var used) && used == reply.Bytes.Length => value,
        _ => throw Unexpected(reply.Kind, "a number"),
    };

    /// <summary>Replies in order; null for nothing.</summary>
    /// <exception cref="InvalidCastException">It is something else.</exception>
    public static explicit operator RespReply[]?(RespReply reply) =>
        reply.Kind is RespKind.List ? (RespReply[])reply.content! : reply.IsNull ? null : throw Unexpected(reply.Kind, "a list");

    private static long NumberOf(ReadOnlySpan<byte> line) => Utf8Parser.TryParse(line, out long value, out _) ? value : 0;

    // What it holds is not told: it may be anything of an account.
    private static InvalidCastException Unexpected(RespKind kind, string wanted) => new($"Redis answered with {kind} where {wanted} was expected.");
}
