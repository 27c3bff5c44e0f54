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

        int position = ReadMti(dialect, frame, layout);
        if (position < 0)
            return ParseStatus.Rejected;
        position = ReadBitmap(dialect, frame, position, layout, out ulong primary);
        if (position < 0)
            return ParseStatus.Rejected;
        ulong secondary = 0;
        if ((primary & SecondBitmap) != 0)
        {
            primary &= ~SecondBitmap;
            position = ReadBitmap(dialect, frame, position, layout, out secondary);
            if (position < 0)
                return ParseStatus.Rejected;
        }

        if (!TryReadElements(dialect.Plans, frame, position, primary, secondary, layout.Slots))
            return ElementReader.ReadElements(dialect.Plans, frame, position, primary, secondary, layout);
        layout.Primary = primary;
        layout.Secondary = secondary;
        layout.Status = ParseStatus.Parsed;
        return ParseStatus.Parsed;
    }

    private static int ReadMti(Dialect dialect, ReadOnlySpan<byte> frame, MessageLayout layout)
    {
        if (dialect.MtiEncoding == ContentEncoding.Bcd)
        {
            if (frame.Length < 2)
                return Reject(layout, new(ParseReason.TruncatedMti, 0, 0, frame.Length, 2));
            if (!Content.AreBcdDigits(frame[..2]))
                return Reject(layout, new(ParseReason.BadMti, 0, 0, 0, 0));
            layout.Mti = new Mti(BinaryPrimitives.ReadUInt16BigEndian(frame));
            layout.HasMti = true;
            return 2;
        }

        if (frame.Length < 4)
            return Reject(layout, new(ParseReason.TruncatedMti, 0, 0, frame.Length, 4));
        if (!Mti.TryParse(frame[..4], out var mti))
            return Reject(layout, new(ParseReason.BadMti, 0, 0, 0, 0));
        layout.Mti = mti;
        layout.HasMti = true;
        return 4;
    }

    private static int ReadBitmap(
        Dialect dialect, ReadOnlySpan<byte> frame, int position, MessageLayout layout, out ulong bitmap)
    {
        bitmap = 0;
        int length = dialect.BitmapBytes;
        if (frame.Length - position < length)
            return Reject(layout, new(ParseReason.TruncatedBitmap, 1, position, frame.Length - position, length));
        if (length == 8)
        {
            bitmap = BinaryPrimitives.ReadUInt64BigEndian(frame[position..]);
            return position + 8;
        }

        Span<byte> bytes = stackalloc byte[8];
        if (!Content.FromHex(frame.Slice(position, 16), bytes))
        {
            int bad = Content.FirstBad(ContentCheck.HexDigits, frame.Slice(position, 16));
            return Reject(layout, new(ParseReason.BadBitmap, 1, position + bad, 0, 0));
        }

        bitmap = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return position + 16;
    }

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
            int element = origin + index;
            ref readonly var plan = ref plans[element];
            int units = plan.UnitsMax;
            int bytes = plan.BytesMax;
            int content = position;
            if (plan.Length != LengthEncoding.Fixed)
            {
                content += plan.LengthBytes;
                if (content > frame.Length)
                    return false;
                units = ElementReader.ReadLength(in plan, frame[position..content]);
                if ((uint)units > plan.UnitsMax)
                    return false;
                bytes = plan.BytesOf(units);
            }

            int end = content + bytes;
            if (end > frame.Length || !plan.IsDefined)
                return false;
            slots[element] = new ElementSlot(content, (ushort)bytes, (ushort)units);

            bool isInStretch = plan.IsInStretch(frame[content..end], units);
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
