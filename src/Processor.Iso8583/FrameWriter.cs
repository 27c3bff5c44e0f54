using System.Buffers.Binary;

namespace Processor.Iso8583;

/// <summary>
/// Writes what stands around a message: leave <see cref="Framing.HeaderLength"/> bytes, write the message, leave
/// <see cref="Framing.TrailerLength"/> bytes, and fill them here.
/// </summary>
public static class FrameWriter
{
    /// <summary>
    /// Writes what stands before a message. False, and nothing written, when the message is shorter than 1 byte, longer than
    /// <see cref="Framing.FrameLengthMax"/> or than the length can say, or when the buffer is too short. A framing with a
    /// trailer needs <see cref="TryWrite(Span{byte}, Framing, int, FrameEnvelope, out int)"/>, and gets false here.
    /// </summary>
    /// <param name="buffer">Starts with the room left for the header.</param>
    /// <param name="framing">How messages are told apart.</param>
    /// <param name="messageLength">Bytes of the message that follows.</param>
    public static bool TryWriteHeader(Span<byte> buffer, Framing framing, int messageLength) =>
        framing.Mark == FrameMark.None && TryWriteHeader(buffer, framing, messageLength, FrameEnvelope.Plain);

    /// <summary>A message in its frame, in a new array. For tools and tests.</summary>
    /// <exception cref="FormatException">The message does not go into such a frame.</exception>
    public static byte[] Frame(ReadOnlySpan<byte> message, Framing framing)
    {
        byte[] frame = new byte[framing.HeaderLength + message.Length + framing.TrailerLength];
        message.CopyTo(frame.AsSpan(framing.HeaderLength));
        return TryWrite(frame, framing, message.Length, out _)
            ? frame
            : throw new FormatException($"A message of {message.Length} bytes does not go into its frame.");
    }

    /// <summary>As the other, with the envelope of one who has no address to name.</summary>
    /// <param name="buffer">The room left before, the message, and the room left behind.</param>
    /// <param name="framing">How messages are told apart.</param>
    /// <param name="messageLength">Bytes of the message.</param>
    /// <param name="frameLength">Bytes of the whole from the start of the buffer; 0 after a failure.</param>
    public static bool TryWrite(Span<byte> buffer, Framing framing, int messageLength, out int frameLength) =>
        TryWrite(buffer, framing, messageLength, FrameEnvelope.Plain, out frameLength);

    /// <summary>
    /// Writes what stands before and behind a message. False when the message is shorter than 1 byte, longer than
    /// <see cref="Framing.FrameLengthMax"/> or than the length can say, when the buffer is too short, and when a frame without a
    /// length holds a message with an ETX inside, at which its reader would cut it.
    /// </summary>
    /// <param name="buffer">The room left before, the message, and the room left behind.</param>
    /// <param name="framing">How messages are told apart.</param>
    /// <param name="messageLength">Bytes of the message.</param>
    /// <param name="envelope">What the header says besides the length: of a request, or <see cref="FrameEnvelope.ToReply"/>.</param>
    /// <param name="frameLength">Bytes of the whole from the start of the buffer; 0 after a failure.</param>
    public static bool TryWrite(Span<byte> buffer, Framing framing, int messageLength, FrameEnvelope envelope, out int frameLength)
    {
        frameLength = 0;
        int headerLength = framing.HeaderLength;
        int trailerLength = framing.TrailerLength;
        if (messageLength < 1 || buffer.Length - headerLength - trailerLength < messageLength)
            return false;
        var message = buffer.Slice(headerLength, messageLength);
        if (framing.Header == FrameHeader.None && message.Contains(FrameReader.Etx))
            return false;
        if (!TryWriteHeader(buffer, framing, messageLength, envelope))
            return false;
        var trailer = buffer.Slice(headerLength + messageLength, trailerLength);
        if (trailerLength > 0)
            trailer[0] = FrameReader.Etx;
        if (trailerLength > 1)
            trailer[1] = (byte)(FrameReader.Etx ^ ExclusiveOr(message));
        frameLength = headerLength + messageLength + trailerLength;
        return true;
    }

    /// <summary>Writes a sign of life: a length of zero. False when the framing knows none or the buffer is too short.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="framing">How messages are told apart.</param>
    /// <param name="envelope">That of the sign of life that is answered.</param>
    /// <param name="length">Bytes written; 0 after a failure.</param>
    public static bool TryWriteKeepAlive(Span<byte> buffer, Framing framing, FrameEnvelope envelope, out int length)
    {
        length = 0;
        int blockLength = framing.BlockLength;
        if (!framing.KeepsAlive || buffer.Length < blockLength)
            return false;
        FrameLength.Write(buffer[..blockLength], framing.Header, framing.CountsItself ? blockLength : 0, envelope.Session);
        length = blockLength;
        return true;
    }

    internal static byte ExclusiveOr(ReadOnlySpan<byte> bytes)
    {
        byte check = 0;
        foreach (byte one in bytes)
            check ^= one;
        return check;
    }

    private static bool TryWriteHeader(Span<byte> buffer, Framing framing, int messageLength, FrameEnvelope envelope)
    {
        int headerLength = framing.HeaderLength;
        int blockLength = framing.BlockLength;
        if (messageLength < 1 || messageLength > framing.FrameLengthMax || buffer.Length < headerLength)
            return false;
        long counted = (long)messageLength + headerLength - (framing.CountsItself ? 0 : blockLength) + framing.TrailerLength;
        if (counted > Math.Min(FrameLength.Max(framing.Header), int.MaxValue))
            return false;
        FrameLength.Write(buffer[..blockLength], framing.Header, (int)counted, envelope.Session);
        if (framing.HasTpdu)
        {
            var tpdu = buffer.Slice(blockLength, FrameEnvelope.TpduLength);
            tpdu[0] = (byte)(envelope.Tpdu >> 32);
            BinaryPrimitives.WriteUInt32BigEndian(tpdu[1..], (uint)envelope.Tpdu);
        }

        if (framing.Mark == FrameMark.StxEtxLrc)
            buffer[headerLength - 1] = FrameReader.Stx;
        return true;
    }
}
