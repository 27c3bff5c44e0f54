using System.Buffers;
using System.Buffers.Binary;

namespace Processor.Iso8583;

/// <summary>Takes frames off a stream of bytes. It keeps no state: what is not yet whole stays in the buffer.</summary>
public static class FrameReader
{
    internal const byte Stx = 0x02;
    internal const byte Etx = 0x03;

    private const int BlockLengthMax = 6;

    /// <summary>As <see cref="TryRead(ref ReadOnlySequence{byte}, Framing, out ReadOnlySequence{byte}, out FrameEnvelope)"/>, for who gives no reply.</summary>
    /// <param name="buffer">What has been received; moved behind the frame when there is one, else left alone.</param>
    /// <param name="framing">How messages are told apart.</param>
    /// <param name="frame">The message alone; a part of the buffer and as short-lived.</param>
    public static FrameStatus TryRead(ref ReadOnlySequence<byte> buffer, Framing framing, out ReadOnlySequence<byte> frame) =>
        TryRead(ref buffer, framing, out frame, out _);

    /// <summary>
    /// Takes the first frame. Call until it answers neither <see cref="FrameStatus.Frame"/> nor
    /// <see cref="FrameStatus.KeepAlive"/>. A length of zero without <see cref="Framing.KeepsAlive"/>, one above
    /// <see cref="Framing.FrameLengthMax"/>, one that is no number, and a mark that is missing are malformed.
    /// </summary>
    /// <param name="buffer">What has been received; moved behind the frame when there is one, else left alone.</param>
    /// <param name="framing">How messages are told apart.</param>
    /// <param name="frame">The message alone; a part of the buffer and as short-lived.</param>
    /// <param name="envelope">What the header says besides the length.</param>
    public static FrameStatus TryRead(
        ref ReadOnlySequence<byte> buffer, Framing framing, out ReadOnlySequence<byte> frame, out FrameEnvelope envelope)
    {
        frame = default;
        envelope = default;
        if (framing.Header == FrameHeader.None)
            return ReadMarked(ref buffer, framing, out frame, out envelope);
        int blockLength = framing.BlockLength;
        if (buffer.Length < blockLength)
            return FrameStatus.NeedMoreData;
        Span<byte> block = stackalloc byte[BlockLengthMax];
        block = block[..blockLength];
        CopyStart(in buffer, block);

        long counted = FrameLength.Read(block, framing.Header);
        if (framing.CountsItself)
            counted -= blockLength;
        ushort session = framing.Header == FrameHeader.Vap ? BinaryPrimitives.ReadUInt16BigEndian(block[2..]) : (ushort)0;
        if (counted == 0 && framing.KeepsAlive)
        {
            envelope = new(0, session);
            buffer = buffer.Slice(blockLength);
            return FrameStatus.KeepAlive;
        }

        int headerLength = framing.HeaderLength;
        int trailerLength = framing.TrailerLength;
        long length = counted - (headerLength - blockLength) - trailerLength;
        if (length <= 0 || length > framing.FrameLengthMax)
            return FrameStatus.Malformed;
        if (buffer.Length < blockLength + counted)
            return FrameStatus.NeedMoreData;
        var message = buffer.Slice(headerLength, length);
        if (framing.Mark != FrameMark.None && !IsMarked(in buffer, framing.Mark, in message, headerLength))
            return FrameStatus.Malformed;
        envelope = new(framing.HasTpdu ? ReadTpdu(in buffer, blockLength) : 0, session);
        frame = message;
        buffer = trailerLength == 0 ? buffer.Slice(message.End) : buffer.Slice(headerLength + length + trailerLength);
        return FrameStatus.Frame;
    }

    // [TPDU(5)] [STX] message ETX [LRC]
    private static FrameStatus ReadMarked(
        ref ReadOnlySequence<byte> buffer, Framing framing, out ReadOnlySequence<byte> frame, out FrameEnvelope envelope)
    {
        frame = default;
        envelope = default;
        int headerLength = framing.HeaderLength;
        if (buffer.Length < headerLength)
            return FrameStatus.NeedMoreData;
        if (framing.Mark == FrameMark.StxEtxLrc && ByteAt(in buffer, headerLength - 1) != Stx)
            return FrameStatus.Malformed;
        var rest = buffer.Slice(headerLength);
        if (rest.PositionOf(Etx) is not { } end)
            return rest.Length > framing.FrameLengthMax ? FrameStatus.Malformed : FrameStatus.NeedMoreData;
        var message = rest.Slice(0, end);
        if (message.IsEmpty || message.Length > framing.FrameLengthMax)
            return FrameStatus.Malformed;
        if (rest.Length < message.Length + framing.TrailerLength)
            return FrameStatus.NeedMoreData;
        if (!IsMarked(in buffer, framing.Mark, in message, headerLength))
            return FrameStatus.Malformed;
        envelope = new(framing.HasTpdu ? ReadTpdu(in buffer, 0) : 0, 0);
        frame = message;
        buffer = rest.Slice(message.Length + framing.TrailerLength);
        return FrameStatus.Frame;
    }

    private static bool IsMarked(
        in ReadOnlySequence<byte> buffer, FrameMark mark, in ReadOnlySequence<byte> message, int headerLength)
    {
        long end = headerLength + message.Length;
        if (ByteAt(in buffer, end) != Etx)
            return false;
        return mark != FrameMark.StxEtxLrc
            || (ByteAt(in buffer, headerLength - 1) == Stx && ByteAt(in buffer, end + 1) == CheckOf(in message));
    }

    private static byte CheckOf(in ReadOnlySequence<byte> message)
    {
        byte check = Etx;
        foreach (var segment in message)
            check ^= FrameWriter.ExclusiveOr(segment.Span);
        return check;
    }

    private static ulong ReadTpdu(in ReadOnlySequence<byte> buffer, int offset)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        number.Clear();
        buffer.Slice(offset, FrameEnvelope.TpduLength).CopyTo(number[(sizeof(ulong) - FrameEnvelope.TpduLength)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(number);
    }

    private static void CopyStart(in ReadOnlySequence<byte> buffer, Span<byte> target)
    {
        var first = buffer.FirstSpan;
        if (first.Length >= target.Length)
            first[..target.Length].CopyTo(target);
        else
            buffer.Slice(0, target.Length).CopyTo(target);
    }

    private static byte ByteAt(in ReadOnlySequence<byte> buffer, long offset)
    {
        Span<byte> one = stackalloc byte[1];
        buffer.Slice(offset, 1).CopyTo(one);
        return one[0];
    }
}
