using System.Buffers.Binary;

namespace Processor.Iso8583;

/// <summary>Writes the length before a frame: leave <see cref="Framing.HeaderLength"/> bytes, write the message, fill them.</summary>
public static class FrameWriter
{
    /// <summary>
    /// Writes the length of a message. False, and nothing written, when it is below 1, above
    /// <see cref="Framing.FrameLengthMax"/> or more than the header can say, or when the buffer is too short.
    /// </summary>
    /// <param name="buffer">Starts with the room left for the header.</param>
    /// <param name="framing">How the length is written.</param>
    /// <param name="messageLength">Bytes of the message that follows.</param>
    public static bool TryWriteHeader(Span<byte> buffer, Framing framing, int messageLength)
    {
        int most = framing.Header == FrameHeader.Binary2 ? ushort.MaxValue : 9999;
        if (messageLength < 1 || messageLength > Math.Min(most, framing.FrameLengthMax)
            || buffer.Length < framing.HeaderLength)
        {
            return false;
        }

        if (framing.Header == FrameHeader.Binary2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)messageLength);
            return true;
        }

        for (int index = 3; index >= 0; index--, messageLength /= 10)
            buffer[index] = (byte)('0' + messageLength % 10);
        return true;
    }
}
