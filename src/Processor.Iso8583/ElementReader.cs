using System.Numerics;

namespace Processor.Iso8583;

/// <summary>Reads elements one by one, with a full account of the first that is wrong.</summary>
internal static class ElementReader
{
    private const ulong SecondBitmap = 1UL << 63;

    public static ParseStatus ReadElements(
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
                MessageParser.Reject(layout, error);
                return ParseStatus.Rejected;
            }

            last = element;
        }

        layout.Primary = primary;
        layout.Secondary = secondary;
        if (position != frame.Length)
        {
            MessageParser.Reject(layout, new(ParseReason.TrailingData, last, position, frame.Length - position, 0));
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

    /// <summary>Whether content, its filler nibble included, is what the element may hold.</summary>
    public static bool Passes(in ElementPlan plan, ReadOnlySpan<byte> value, int units) => FirstBad(in plan, value, units) < 0;

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

    public static int ReadLength(in ElementPlan plan, ReadOnlySpan<byte> bytes)
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
                foreach (byte pair in bytes)
                {
                    if (pair >> 4 > 9 || (pair & 0xF) > 9)
                        return -1;
                    length = length * 100 + (pair >> 4) * 10 + (pair & 0xF);
                }

                return length;
            default:
                foreach (byte value in bytes)
                    length = (length << 8) | value;
                return length;
        }
    }
}
