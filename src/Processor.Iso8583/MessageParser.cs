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

        return ReadElements(dialect.Plans, frame, position, primary, secondary, layout);
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

    private static ParseStatus ReadElements(
        ElementPlan[] plans, ReadOnlySpan<byte> frame, int position, ulong primary, ulong secondary, MessageLayout layout)
    {
        var slots = layout.Slots;
        int last = 1;
        ulong bits = primary;
        int origin = 1;
        while (true)
        {
            if (bits == 0)
            {
                if (origin == 65 || secondary == 0)
                    break;
                bits = secondary;
                origin = 65;
                layout.Primary = primary;
            }

            int index = BitOperations.LeadingZeroCount(bits);
            bits &= ~(SecondBitmap >> index);
            int element = origin + index;
            var error = ReadElement(in plans[element], element, frame, ref position, out slots[element]);
            if (error.Reason != ParseReason.None)
            {
                ulong before = index == 0 ? 0 : ~(ulong.MaxValue >> index);
                if (origin == 1)
                    layout.Primary = primary & before;
                else
                    layout.Secondary = secondary & before;
                Reject(layout, error);
                return ParseStatus.Rejected;
            }

            last = element;
        }

        layout.Primary = primary;
        layout.Secondary = secondary;
        if (position != frame.Length)
        {
            Reject(layout, new(ParseReason.TrailingData, last, position, frame.Length - position, 0));
            return ParseStatus.Rejected;
        }

        layout.Status = ParseStatus.Parsed;
        return ParseStatus.Parsed;
    }

    private static ParseError ReadElement(
        in ElementPlan plan, int element, ReadOnlySpan<byte> frame, ref int position, out ElementSlot slot)
    {
        slot = default;
        if (!plan.IsDefined)
            return new(ParseReason.UnknownField, element, position, 0, 0);
        int units = plan.UnitsMax;
        int bytes = plan.BytesMax;
        int content = position;
        if (plan.Length != LengthEncoding.Fixed)
        {
            if (frame.Length - position < plan.LengthBytes)
                return new(ParseReason.TruncatedLength, element, position, frame.Length - position, plan.LengthBytes);
            units = ReadLength(in plan, frame.Slice(position, plan.LengthBytes));
            if (units < 0)
                return new(ParseReason.BadLength, element, position, 0, 0);
            if (units > plan.UnitsMax)
                return new(ParseReason.LengthOverMax, element, position, units, plan.UnitsMax);
            bytes = plan.BytesOf(units);
            content += plan.LengthBytes;
        }

        if (frame.Length - content < bytes)
            return new(ParseReason.TruncatedField, element, content, frame.Length - content, bytes);
        var value = frame.Slice(content, bytes);
        int bad = FirstBad(in plan, value, units);
        if (bad >= 0)
            return new(ParseReason.BadCharacter, element, content + bad, 0, 0);
        slot = new ElementSlot(content, (ushort)bytes, (ushort)units);
        position = content + bytes;
        return default;
    }

    private static int FirstBad(in ElementPlan plan, ReadOnlySpan<byte> value, int units)
    {
        bool isOdd = plan.Encoding == ContentEncoding.Bcd && plan.Class != CharacterClass.SignedN && (units & 1) != 0;
        if (isOdd && plan.Pad == NibblePad.Left0 && (value[0] & 0xF0) != 0)
            return 0;
        if (isOdd && plan.Pad != NibblePad.Left0)
        {
            int filler = value[^1] & 0x0F;
            bool isDigit = plan.Check == ContentCheck.BcdTrack || value[^1] >> 4 <= 9;
            if (!isDigit || filler is not (0 or 0xF))
                return value.Length - 1;
            value = value[..^1];
        }

        if (Content.Passes(plan.Check, value) || (value.Length == 0 && units == 0))
            return -1;
        return Content.FirstBad(plan.Check, value);
    }

    internal static int ReadLength(in ElementPlan plan, ReadOnlySpan<byte> bytes)
    {
        int length = 0;
        switch (plan.Length)
        {
            case LengthEncoding.Ascii:
                foreach (byte digit in bytes)
                {
                    if ((uint)(digit - '0') > 9)
                        return -1;
                    length = length * 10 + (digit - '0');
                }

                return length;
            case LengthEncoding.Bcd:
                if (!Content.AreBcdDigits(bytes))
                    return -1;
                foreach (byte pair in bytes)
                    length = length * 100 + (pair >> 4) * 10 + (pair & 0xF);
                return length;
            default:
                foreach (byte value in bytes)
                    length = (length << 8) | value;
                return length;
        }
    }

    private static int Reject(MessageLayout layout, ParseError error)
    {
        layout.Status = ParseStatus.Rejected;
        layout.Error = error;
        return -1;
    }
}
