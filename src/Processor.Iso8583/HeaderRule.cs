using System.Collections.Immutable;

namespace Processor.Iso8583;

/// <summary>What a dialect has before the MTI of a message, or behind its last element.</summary>
public sealed class HeaderRule
{
    private readonly HeaderPart? _length;
    private readonly HeaderPart? _frameLength;
    private readonly HeaderPart? _source;
    private readonly HeaderPart? _destination;

    internal HeaderRule(ImmutableArray<HeaderPart> parts)
    {
        Parts = parts;
        BytesMin = parts.Sum(part => part.Bytes);
        _length = parts.FirstOrDefault(part => part.Role == HeaderRole.HeaderLength);
        _frameLength = parts.FirstOrDefault(part => part.Role == HeaderRole.FrameLength);
        _source = parts.FirstOrDefault(part => part.Role == HeaderRole.Source);
        _destination = parts.FirstOrDefault(part => part.Role == HeaderRole.Destination);
    }

    /// <summary>Its parts in order.</summary>
    public ImmutableArray<HeaderPart> Parts { get; }

    /// <summary>Its bytes; the least of them when it is variable.</summary>
    public int BytesMin { get; }

    /// <summary>Whether a part of it says how long it is.</summary>
    public bool IsVariable => _length is not null;

    /// <summary>Reads and checks the header at the start of a frame.</summary>
    /// <param name="frame">The whole frame.</param>
    /// <param name="length">Bytes of the header.</param>
    internal ParseError Read(ReadOnlySpan<byte> frame, out int length)
    {
        length = BytesMin;
        if (frame.Length < BytesMin)
            return new(ParseReason.TruncatedHeader, ParseError.Header, 0, frame.Length, BytesMin);
        foreach (var part in Parts)
        {
            var content = frame.Slice(part.Offset, part.Bytes);
            bool isText = part.Encoding == ContentEncoding.Ascii && part != _length && part != _frameLength;
            int bad = isText ? Content.FirstBad(ContentCheck.SevenBits, content) : -1;
            if (bad >= 0)
                return new(ParseReason.BadCharacter, ParseError.Header, part.Offset + bad, bad, 0) { Part = part.Name };
        }

        if (_length is not null)
        {
            long stated = NumberOf(_length, frame) - _length.Adjust;
            if (stated < BytesMin)
                return Wrong(_length, stated, BytesMin);
            if (stated > frame.Length)
                return new(ParseReason.TruncatedHeader, ParseError.Header, 0, frame.Length, (int)Math.Min(stated, int.MaxValue));
            length = (int)stated;
        }

        if (_frameLength is not null)
        {
            int following = frame.Length - _frameLength.Offset - _frameLength.Bytes + _frameLength.Adjust;
            long stated = NumberOf(_frameLength, frame);
            if (stated != following)
                return Wrong(_frameLength, stated, following);
        }

        return default;
    }

    /// <summary>Writes the header of a message without a request.</summary>
    internal void Write(Span<byte> target)
    {
        foreach (var part in Parts)
            part.Value.AsSpan().CopyTo(target[part.Offset..]);
        if (_length is not null)
            WriteNumber(_length, BytesMin + _length.Adjust, target);
    }

    /// <summary>Copies the header of a request, for a reply with source and destination exchanged.</summary>
    internal void Write(Span<byte> target, ReadOnlySpan<byte> header, bool isReply)
    {
        header.CopyTo(target);
        if (!isReply || _source is null || _destination is null)
            return;
        header.Slice(_source.Offset, _source.Bytes).CopyTo(target[_destination.Offset..]);
        header.Slice(_destination.Offset, _destination.Bytes).CopyTo(target[_source.Offset..]);
    }

    /// <summary>Puts the length of a finished frame where the header has it.</summary>
    internal void Finish(Span<byte> frame)
    {
        if (_frameLength is not null)
            WriteNumber(_frameLength, frame.Length - _frameLength.Offset - _frameLength.Bytes + _frameLength.Adjust, frame);
    }

    /// <summary>Bytes of a part of a header that has been read; the last part of a variable one takes the rest.</summary>
    internal static int BytesOf(HeaderPart part, int headerLength) => part.Bytes == 0 ? headerLength - part.Offset : part.Bytes;

    private static ParseError Wrong(HeaderPart part, long stated, int limit) =>
        new(ParseReason.BadLength, ParseError.Header, part.Offset, (int)Math.Clamp(stated, -1, int.MaxValue), limit) { Part = part.Name };

    // Binary is big-endian; text is decimal digits. -1 is none of it.
    private static long NumberOf(HeaderPart part, ReadOnlySpan<byte> frame)
    {
        long number = 0;
        foreach (byte value in frame.Slice(part.Offset, part.Bytes))
        {
            if (part.Encoding == ContentEncoding.Binary)
            {
                number = (number << 8) | value;
                continue;
            }

            int digit = value - (part.Encoding == ContentEncoding.Ascii ? '0' : 0xF0);
            if ((uint)digit > 9)
                return -1;
            number = number * 10 + digit;
        }

        return number;
    }

    private static void WriteNumber(HeaderPart part, int number, Span<byte> frame)
    {
        for (int index = part.Offset + part.Bytes - 1; index >= part.Offset; index--)
        {
            bool isBinary = part.Encoding == ContentEncoding.Binary;
            int zero = part.Encoding == ContentEncoding.Ascii ? '0' : 0xF0;
            frame[index] = (byte)(isBinary ? number : zero + number % 10);
            number = isBinary ? number >> 8 : number / 10;
        }
    }
}
