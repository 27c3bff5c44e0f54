using System.Buffers.Binary;

namespace Processor.Security;

/// <summary>The frames of a host port: <c>length(2) header(n) code(2) fields</c>. An answer's header is its command's; its code's second letter is the next one.</summary>
internal static class PayShieldFrame
{
    internal const int HeaderLengthMin = 4;
    internal const int HeaderLengthMax = 64;

    /// <summary>The digits of a header that tell commands apart; the rest of a longer header is zeros before them.</summary>
    internal const int NumberLengthMax = 8;

    internal const int LengthBytes = 2;
    internal const int CodeLength = 2;

    /// <summary>The least behind an answer's header: its code and the error code.</summary>
    internal const int AnswerLengthMin = 4;

    /// <summary>Writes the length, and the number in hexadecimal digits as header.</summary>
    /// <param name="frame">All of the frame, with code and fields in their places.</param>
    /// <param name="headerLength">Characters of the header.</param>
    /// <param name="countsHeader">Whether the length counts the header.</param>
    /// <param name="number">Which command it is.</param>
    internal static void WriteHead(Span<byte> frame, int headerLength, bool countsHeader, uint number)
    {
        var length = frame.Length - LengthBytes - (countsHeader ? 0 : headerLength);
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)length);
        var header = frame.Slice(LengthBytes, headerLength);
        header.Fill((byte)'0');
        for (var index = header.Length - 1; number != 0; index--, number >>= 4)
            header[index] = (byte)"0123456789ABCDEF"[(int)(number & 0xF)];
    }

    /// <summary>Looks for a whole frame at the start of the bytes.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="headerLength">Characters of the header.</param>
    /// <param name="countsHeader">Whether the length counts the header.</param>
    /// <param name="length">All bytes of the frame; 0 while it is not whole.</param>
    /// <returns>False for a length that no answer has: framing is lost.</returns>
    internal static bool TryMeasure(ReadOnlySpan<byte> bytes, int headerLength, bool countsHeader, out int length)
    {
        length = 0;
        if (bytes.Length < LengthBytes)
            return true;
        var total = LengthBytes + BinaryPrimitives.ReadUInt16BigEndian(bytes) + (countsHeader ? 0 : headerLength);
        if (total < LengthBytes + headerLength + AnswerLengthMin)
            return false;
        length = total <= bytes.Length ? total : 0;
        return true;
    }

    /// <summary>Reads the number in a header.</summary>
    /// <returns>False for a header that was never sent.</returns>
    internal static bool TryNumber(ReadOnlySpan<byte> header, out uint number)
    {
        number = 0;
        var digits = header.Length > NumberLengthMax ? header[^NumberLengthMax..] : header;
        foreach (var item in digits)
        {
            var value = item is >= (byte)'0' and <= (byte)'9' ? item - '0' : item is >= (byte)'A' and <= (byte)'F' ? item - 'A' + 10 : -1;
            if (value < 0)
                return false;
            number = (number << 4) | (uint)value;
        }

        return !header[..^digits.Length].ContainsAnyExcept((byte)'0');
    }
}
