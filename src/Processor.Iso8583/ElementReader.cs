using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Processor.Iso8583;

/// <summary>Reads elements one by one, with a full account of the first that is wrong.</summary>
internal static class ElementReader
{
    private const ulong HighestBit = 1UL << 63;

    public static ParseStatus ReadElements(
        Dialect dialect, ReadOnlySpan<byte> frame, int position, (ulong First, ulong Second, ulong Third) bitmaps, MessageLayout layout)
    {
        int last = layout.BitmapCount == 3 ? 65 : 1;
        for (int origin = 1; origin <= 129; origin += 64)
        {
            ulong bits = origin switch { 1 => bitmaps.First, 65 => bitmaps.Second, _ => bitmaps.Third };
            ref ulong read = ref layout.Primary;
            if (origin != 1)
                read = ref (origin == 65 ? ref layout.Secondary : ref layout.Third);
            while (bits != 0)
            {
                int index = BitOperations.LeadingZeroCount(bits);
                ulong bit = HighestBit >> index;
                bits ^= bit;
                last = origin + index;
                if (last == 65 && dialect.Bitmaps.IsThirdInPlace)
                {
                    layout.BitmapCount = 3;
                    position = MessageParser.ReadBitmap(dialect, frame, position, 2, layout, out bitmaps.Third);
                    if (position < 0)
                        return ParseStatus.Rejected;
                    continue;
                }

                var error = Read(in dialect.Plans[last], last, frame, ref position, out layout.Slots[last]);
                if (error.Reason != ParseReason.None)
                {
                    MessageParser.Reject(layout, error);
                    return ParseStatus.Rejected;
                }

                read |= bit;
            }
        }

        if (position != frame.Length && (dialect.Relaxation & DialectRelaxation.TrailingData) == 0)
        {
            MessageParser.Reject(layout, new(ParseReason.TrailingData, last, position, frame.Length - position, 0));
            return ParseStatus.Rejected;
        }

        layout.Status = ParseStatus.Parsed;
        return PartsChecker.Check(dialect, frame, layout);
    }

    /// <summary>Reads one element, or one part of an element, at a position and moves behind it.</summary>
    public static ParseError Read(
        in ElementPlan plan, int element, ReadOnlySpan<byte> frame, ref int position, out ElementSlot slot)
    {
        slot = default;
        if (!plan.IsDefined)
            return new(ParseReason.UnknownField, element, position, 0, 0);
        int units = plan.UnitsMax;
        int bytes = plan.BytesMax;
        int content = position;
        int length = units;
        if (plan.Length != LengthEncoding.Fixed)
        {
            if (frame.Length - position < plan.LengthBytes)
                return new(ParseReason.TruncatedLength, element, position, frame.Length - position, plan.LengthBytes);
            length = ReadLength(plan.Length, frame.Slice(position, plan.LengthBytes));
            units = length < 0 ? -1 : plan.UnitsOf(length);
            if (units < 0 && length > plan.LengthOf(plan.UnitsMax, plan.BytesMax))
                return TooLong(in plan, element, position, length);
            int fillers = plan.LengthUnit == LengthUnit.Bytes && plan.Encoding == ContentEncoding.Bcd ? 1 : 0;
            if (units > plan.UnitsMax + fillers)
                return TooLong(in plan, element, position, length);
            bool hasFiller = plan.Pad != NibblePad.None || plan.Nibbles is { FillerNibble: >= 0 };
            if (units < 0 || (!hasFiller && (units & 1) != 0))
                return new(ParseReason.BadLength, element, position, 0, 0);
            bytes = plan.BytesOf(units);
            content += plan.LengthBytes;
        }

        if (frame.Length - content < bytes)
            return new(ParseReason.TruncatedField, element, content, frame.Length - content, bytes);
        var value = frame.Slice(content, bytes);
        int bad = FirstBad(in plan, value, ref units);
        if (bad >= 0)
            return new(ParseReason.BadCharacter, element, content + bad, bad, 0);
        if (units > plan.UnitsMax)
            return TooLong(in plan, element, position, length);
        if (plan.Date != DateFormat.None && !IsDate(in plan, value, units))
            return new(ParseReason.BadDate, element, content, 0, 0);
        slot = new ElementSlot(content, bytes, units);
        position = content + bytes;
        return default;
    }

    /// <summary>Whether content, its filler nibble included, is what the element may hold.</summary>
    public static bool Passes(in ElementPlan plan, ReadOnlySpan<byte> value, int units) =>
        FirstBad(in plan, value, ref units) < 0;

    /// <summary>Index of the first bad byte, or -1; fillers at the end are taken off the units.</summary>
    public static int FirstBad(in ElementPlan plan, ReadOnlySpan<byte> value, ref int units)
    {
        if (value.Length == 0)
            return -1;
        if (plan.Encoding == ContentEncoding.Bcd && plan.Class != CharacterClass.SignedN)
        {
            if (plan.Nibbles is { } table)
                return FirstBadNibble(in plan, table, value, ref units);
            if (plan.LengthUnit == LengthUnit.Bytes && plan.Pad == NibblePad.RightF && (value[^1] & 0xF) == 0xF)
                units--;
            if (plan.LengthUnit == LengthUnit.Bytes && plan.Pad == NibblePad.LeftF && value[0] >> 4 == 0xF)
                units--;
            if ((units & 1) != 0)
                return FirstBadOdd(in plan, value);
        }

        return Content.Passes(plan.Check, value) ? -1 : Content.FirstBad(plan.Check, value);
    }

    /// <summary><see cref="ReadLength(LengthEncoding, ReadOnlySpan{byte})"/>, sooner for the widths that nearly all lengths have.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadShortLength(LengthEncoding encoding, ReadOnlySpan<byte> bytes)
    {
        if (encoding == LengthEncoding.Ascii && bytes.Length is 2 or 3)
        {
            int first = bytes[0] - '0';
            int second = bytes[1] - '0';
            int length = 10 * first + second;
            if (bytes.Length == 2)
                return Math.Max((uint)first, (uint)second) > 9 ? -1 : length;
            int third = bytes[2] - '0';
            return Math.Max(Math.Max((uint)first, (uint)second), (uint)third) > 9 ? -1 : 10 * length + third;
        }

        if (encoding == LengthEncoding.Bcd && bytes.Length is 1 or 2)
        {
            int last = Pair(bytes[^1]);
            int first = bytes.Length == 1 ? 0 : Pair(bytes[0]);
            return (first | last) < 0 ? -1 : 100 * first + last;
        }

        return ReadLength(encoding, bytes);
    }

    private static int Pair(byte digits)
    {
        int high = digits >> 4;
        int low = digits & 0xF;
        return high > 9 || low > 9 ? -1 : 10 * high + low;
    }

    /// <summary>A written length; -1 when it is no number. One that no element can have is the largest integer.</summary>
    public static int ReadLength(in ElementPlan plan, ReadOnlySpan<byte> bytes) => ReadLength(plan.Length, bytes);

    public static int ReadLength(LengthEncoding encoding, ReadOnlySpan<byte> bytes)
    {
        int length = 0;
        switch (encoding)
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
            case LengthEncoding.Ebcdic:
                foreach (byte digit in bytes)
                {
                    if ((uint)(digit - 0xF0) > 9)
                        return -1;
                    length = length * 10 + (digit - 0xF0);
                }

                return length;
            case LengthEncoding.Hex:
                foreach (byte digit in bytes)
                {
                    int value = Content.HexValue(digit);
                    if (value > 15)
                        return -1;
                    length = (length << 4) | value;
                }

                return length;
            default:
                uint number = 0;
                foreach (byte value in bytes)
                    number = (number << 8) | value;
                return (int)Math.Min(number, int.MaxValue / 4);
        }
    }

    private static bool IsDate(in ElementPlan plan, ReadOnlySpan<byte> value, int units)
    {
        Span<byte> digits = stackalloc byte[16];
        return ContentReader.TryGetText(in plan, value, units, digits, out int length) && DateReader.Exists(plan.Date, digits[..length]);
    }

    private static ParseError TooLong(in ElementPlan plan, int element, int position, int length) =>
        new(ParseReason.LengthOverMax, element, position, length, plan.LengthOf(plan.UnitsMax, plan.BytesMax));

    // An odd number of digits: one nibble, first or last, is a filler.
    private static int FirstBadOdd(in ElementPlan plan, ReadOnlySpan<byte> value)
    {
        bool isTrack = plan.Check == ContentCheck.BcdTrack;
        if (plan.Pad is NibblePad.Left0 or NibblePad.LeftF)
        {
            int wanted = plan.Pad == NibblePad.Left0 ? 0 : 0xF;
            if (value[0] >> 4 != wanted || (!isTrack && (value[0] & 0xF) > 9))
                return 0;
            value = value[1..];
            int bad = Content.Passes(plan.Check, value) ? -1 : Content.FirstBad(plan.Check, value);
            return bad < 0 ? -1 : bad + 1;
        }

        int filler = value[^1] & 0x0F;
        if ((!isTrack && value[^1] >> 4 > 9) || filler is not (0 or 0xF))
        {
            int before = Content.FirstBad(plan.Check, value[..^1]);
            return before < 0 ? value.Length - 1 : before;
        }

        return Content.Passes(plan.Check, value[..^1]) ? -1 : Content.FirstBad(plan.Check, value[..^1]);
    }

    private static int FirstBadNibble(in ElementPlan plan, NibbleTable table, ReadOnlySpan<byte> value, ref int units)
    {
        int first = MessageView.FirstNibble(in plan, units);
        int count = 0;
        bool isFilled = false;
        for (int nibble = 0; nibble < 2 * value.Length; nibble++)
        {
            int number = (nibble & 1) == 0 ? value[nibble >> 1] >> 4 : value[nibble >> 1] & 0xF;
            byte character = table.CharacterOf(number);
            bool isPad = nibble < first || nibble >= first + units;
            if (isPad ? number is not (0 or 0xF) && character != NibbleTable.Filler : character == NibbleTable.Refused)
                return nibble >> 1;
            if (isPad)
                continue;
            if (character == NibbleTable.Filler)
                isFilled = true;
            else if (isFilled)
                return nibble >> 1;
            else
                count++;
        }

        units = count;
        return -1;
    }
}
