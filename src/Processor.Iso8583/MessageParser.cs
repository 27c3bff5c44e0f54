using System.Buffers.Binary;
using System.Numerics;

namespace Processor.Iso8583;

// MTI bitmap [second bitmap] element...
// Bit 1 of the first bitmap announces the second. An element is [length] content.
internal static class MessageParser
{
    private const ulong SecondBitmap = 1UL << 63;

    public static ParseStatus Parse(Dialect dialect, ReadOnlySpan<byte> frame, MessageLayout layout)
    {
        layout.Dialect = dialect;
        layout.HasMti = false;
        layout.Mti = default;
        layout.Primary = 0;
        layout.Secondary = 0;
        layout.Error = default;

        layout.Third = 0;
        layout.BitmapCount = 1;
        layout.HeaderLength = 0;

        if (dialect.Header is not null || dialect.Trailer is not null)
        {
            if (!ReadAround(dialect, ref frame, layout))
                return ParseStatus.Rejected;
        }

        int position = ReadMti(dialect, frame, layout.HeaderLength, layout);
        if (position < 0)
            return ParseStatus.Rejected;
        if (!dialect.IsFlat)
            return ReadUneven(dialect, frame, position, layout);

        position = ReadBitmap(dialect, frame, position, 0, layout, out ulong primary);
        if (position < 0)
            return ParseStatus.Rejected;
        ulong secondary = 0;
        if ((primary & SecondBitmap) != 0)
        {
            layout.BitmapCount = 2;
            primary &= ~SecondBitmap;
            position = ReadBitmap(dialect, frame, position, 1, layout, out secondary);
            if (position < 0)
                return ParseStatus.Rejected;
        }

        if (!TryReadElements(dialect.Plans, frame, position, primary, secondary, layout.Slots))
            return ElementReader.ReadElements(dialect, frame, position, (primary, secondary, 0), layout);
        layout.Primary = primary;
        layout.Secondary = secondary;
        layout.Status = ParseStatus.Parsed;
        return PartsChecker.Check(dialect, frame, layout);
    }

    private static bool ReadAround(Dialect dialect, ref ReadOnlySpan<byte> frame, MessageLayout layout)
    {
        if (dialect.Header is { } header)
        {
            var error = header.Read(frame, out int length);
            if (error.Reason != ParseReason.None)
                return Reject(layout, error) > 0;
            layout.HeaderLength = length;
        }

        if (dialect.Trailer is { } trailer)
        {
            int left = frame.Length - layout.HeaderLength;
            if (left < trailer.BytesMin)
            {
                var error = new ParseError(ParseReason.TruncatedTrailer, ParseError.Header, layout.HeaderLength, left, trailer.BytesMin);
                return Reject(layout, error) > 0;
            }

            frame = frame[..^trailer.BytesMin];
        }

        return true;
    }

    private static ParseStatus ReadUneven(Dialect dialect, ReadOnlySpan<byte> frame, int position, MessageLayout layout)
    {
        var rule = dialect.Bitmaps;
        Span<ulong> bitmaps = stackalloc ulong[3];
        for (int index = 0; index < rule.CountMax; index++)
        {
            position = ReadBitmap(dialect, frame, position, index, layout, out bitmaps[index]);
            if (position < 0)
                return ParseStatus.Rejected;
            bool isLast = index + 1 == rule.CountMax;
            bool announcesNext = !isLast || (rule.IsFixed && index == 0);
            if (!announcesNext || (index == 1 && rule.IsThirdInPlace))
                break;
            bool isAnnounced = (bitmaps[index] & SecondBitmap) != 0;
            bitmaps[index] &= ~SecondBitmap;
            if (isAnnounced && layout.BitmapCount == index + 1)
                layout.BitmapCount++;
            if (!isAnnounced && !rule.IsFixed)
                break;
        }

        return ElementReader.ReadElements(dialect, frame, position, (bitmaps[0], bitmaps[1], bitmaps[2]), layout);
    }

    private static int ReadMti(Dialect dialect, ReadOnlySpan<byte> frame, int position, MessageLayout layout)
    {
        int length = dialect.MtiBytes;
        if (frame.Length - position < length)
            return Reject(layout, new(ParseReason.TruncatedMti, 0, position, frame.Length - position, length));
        var bytes = frame.Slice(position, length);
        if (length == 2)
        {
            if (!Content.AreBcdDigits(bytes))
                return Reject(layout, new(ParseReason.BadMti, 0, position, 0, 0));
            layout.Mti = new Mti(BinaryPrimitives.ReadUInt16BigEndian(bytes));
            layout.HasMti = true;
        }
        else if (length == 4)
        {
            // EBCDIC digits are F0 to F9: the ASCII ones with other high bits.
            uint digits = BinaryPrimitives.ReadUInt32BigEndian(bytes) ^ (dialect.MtiEncoding == ContentEncoding.Ascii ? 0 : 0xC0C0C0C0);
            if (!Mti.TryFromDigits(digits, out var mti))
                return Reject(layout, new(ParseReason.BadMti, 0, position, 0, 0));
            layout.Mti = mti;
            layout.HasMti = true;
        }

        return position + length;
    }

    internal static int ReadBitmap(
        Dialect dialect, ReadOnlySpan<byte> frame, int position, int index, MessageLayout layout, out ulong bitmap)
    {
        bitmap = 0;
        var encoding = dialect.Bitmaps.Encodings[index];
        int length = encoding == BitmapEncoding.Binary ? 8 : 16;
        if (frame.Length - position < length)
            return Reject(layout, new(ParseReason.TruncatedBitmap, 1, position, frame.Length - position, length) { Part = Part(index) });
        if (length == 8)
        {
            bitmap = BinaryPrimitives.ReadUInt64BigEndian(frame[position..]);
            return position + 8;
        }

        if (encoding != BitmapEncoding.HexEbcdic && HexText.TryRead(frame[position..], out bitmap))
            return position + HexText.Digits;
        return ReadBitmapText(frame, position, index, encoding, layout, out bitmap);
    }

    private static int ReadBitmapText(ReadOnlySpan<byte> frame, int position, int index, BitmapEncoding encoding, MessageLayout layout, out ulong bitmap)
    {
        bitmap = 0;
        Span<byte> bytes = stackalloc byte[8];
        var check = encoding == BitmapEncoding.HexEbcdic ? ContentCheck.EbcdicHexDigits : ContentCheck.HexDigits;
        if (!Content.FromHex(check, frame.Slice(position, 16), bytes))
        {
            int bad = Content.FirstBad(check, frame.Slice(position, 16));
            return Reject(layout, new(ParseReason.BadBitmap, 1, position + bad, bad, 0) { Part = Part(index) });
        }

        bitmap = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return position + 16;
    }

    private static string? Part(int index) => index switch { 0 => null, 1 => "2", _ => "3" };

    /// <summary>
    /// One pass that only tells whether all is well. Neighbours of the same class, their written lengths included,
    /// are checked in one stretch. Whatever it does not like, <see cref="ElementReader"/> reads again to say why.
    /// </summary>
    private static bool TryReadElements(
        ElementPlan[] plans, ReadOnlySpan<byte> frame, int position, ulong primary, ulong secondary, ElementSlot[] slots)
    {
        int stretch = position;
        var stretchCheck = ContentCheck.None;
        ulong bits = primary;
        int origin = 1;
        while (true)
        {
            if (bits == 0)
            {
                if (secondary == 0)
                    break;
                bits = secondary;
                secondary = 0;
                origin = 65;
            }

            int index = BitOperations.LeadingZeroCount(bits);
            bits ^= SecondBitmap >> index;
            ref readonly var plan = ref plans[origin + index];
            int units = plan.UnitsMax;
            int bytes = plan.BytesMax;
            int content = position;
            if (plan.Length != LengthEncoding.Fixed)
            {
                content += plan.LengthBytes;
                if (content > frame.Length)
                    return false;
                units = ElementReader.ReadShortLength(plan.Length, frame[position..content]);
                if ((uint)units > plan.UnitsMax)
                    return false;
                bytes = plan.BytesOf(units);
            }

            // An element that is not defined is longer than any frame.
            if ((uint)bytes > (uint)(frame.Length - content))
                return false;
            int end = content + bytes;
            slots[origin + index] = new ElementSlot(content, bytes, units);

            bool isInStretch = plan.IsInStretch(units) || plan.IsInStretch(frame, content);
            if (plan.Check != stretchCheck || !isInStretch)
            {
                if (!Content.Passes(stretchCheck, frame[stretch..position]))
                    return false;
                if (!isInStretch && !ElementReader.Passes(in plan, frame[content..end], units))
                    return false;
                stretch = isInStretch ? position : end;
                stretchCheck = isInStretch ? plan.Check : ContentCheck.None;
            }

            position = end;
        }

        return position == frame.Length && Content.Passes(stretchCheck, frame[stretch..]);
    }

    internal static int Reject(MessageLayout layout, ParseError error)
    {
        layout.Status = ParseStatus.Rejected;
        layout.Error = error;
        return -1;
    }
}
