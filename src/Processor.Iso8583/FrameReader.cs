using System.Buffers;
using System.Buffers.Binary;

namespace Processor.Iso8583;

// length(2 binary or 4 ASCII) message(length)
/// <summary>Takes frames off a stream of bytes. It keeps no state: what is not yet whole stays in the buffer.</summary>
public static class FrameReader
{
    private const int HeaderLengthMax = 4;

    /// <summary>
    /// Takes the first frame. Call until it no longer answers <see cref="FrameStatus.Frame"/>; a length of zero, one
    /// above <see cref="Framing.FrameLengthMax"/> and one that is no number are malformed.
    /// </summary>
    /// <param name="buffer">What has been received; moved behind the frame when there is one, else left alone.</param>
    /// <param name="framing">How the length is written.</param>
    /// <param name="frame">The message without its length; a part of the buffer and as short-lived.</param>
    public static FrameStatus TryRead(
        ref ReadOnlySequence<byte> buffer, Framing framing, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        int headerLength = framing.HeaderLength;
        if (buffer.Length < headerLength)
            return FrameStatus.NeedMoreData;
        Span<byte> header = stackalloc byte[HeaderLengthMax];
        var first = buffer.FirstSpan;
        if (first.Length >= headerLength)
            first[..headerLength].CopyTo(header);
        else
            buffer.Slice(0, headerLength).CopyTo(header);

        int length = framing.Header == FrameHeader.Binary2
            ? BinaryPrimitives.ReadUInt16BigEndian(header)
            : ReadAscii(header[..headerLength]);
        if (length <= 0 || length > framing.FrameLengthMax)
            return FrameStatus.Malformed;
        if (buffer.Length < headerLength + length)
            return FrameStatus.NeedMoreData;
        frame = buffer.Slice(headerLength, length);
        buffer = buffer.Slice(frame.End);
        return FrameStatus.Frame;
    }

    private static int ReadAscii(ReadOnlySpan<byte> digits)
    {
        int length = 0;
        foreach (byte digit in digits)
        {
            if ((uint)(digit - '0') > 9)
                return -1;
            length = length * 10 + (digit - '0');
        }

        return length;
    }
}
