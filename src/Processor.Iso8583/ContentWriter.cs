namespace Processor.Iso8583;

/// <summary>Turns text, digits and bytes into content as it stands on the wire. Nothing allocates, nothing throws.</summary>
internal static class ContentWriter
{
    public static bool WriteCharacters(
        in ElementPlan plan, ReadOnlySpan<byte> characters, byte filler, Span<byte> target)
    {
        var content = characters.Length < target.Length ? Fill(in plan, filler, target, characters.Length) : target;
        characters.CopyTo(content);
        plan.CodePage?.FromLatin1(target, target);
        return target.Length == 0 || Content.Passes(plan.Check, target);
    }

    /// <summary>Fills short content of a fixed element; answers where the content itself goes.</summary>
    private static Span<byte> Fill(in ElementPlan plan, byte filler, Span<byte> target, int length)
    {
        bool isZero = plan.Class == CharacterClass.N || filler == '0';
        bool isLeft = isZero;
        if (plan.Fill != FillSide.Standard)
        {
            isZero = plan.Fill is FillSide.LeftZero or FillSide.RightZero;
            isLeft = plan.Fill is FillSide.LeftZero or FillSide.LeftSpace;
        }

        int missing = target.Length - length;
        var rest = isLeft ? target[..missing] : target[length..];
        rest.Fill(isZero ? (byte)'0' : (byte)' ');
        return isLeft ? target[missing..] : target[..length];
    }

    public static bool WritePacked(in ElementPlan plan, ReadOnlySpan<byte> characters, Span<byte> target)
    {
        if (plan.Class == CharacterClass.SignedN)
        {
            if (target.IsEmpty)
                return true;
            // The sign is a byte of its own, so the digits are even in number.
            bool isWhole = plan.Length == LengthEncoding.Fixed ? characters.Length == plan.UnitsMax : (characters.Length & 1) != 0;
            if (!isWhole || !Content.Passes(ContentCheck.SignedDigits, characters))
                return false;
            target[0] = characters[0];
            return Content.PackNibbles(characters[1..], 0, filler: 0, target[1..]);
        }

        if (plan.Class == CharacterClass.N && !Content.AreDigits(characters))
            return false;
        int units = plan.Length == LengthEncoding.Fixed ? plan.UnitsMax : characters.Length;
        if (plan.Nibbles is { } table)
        {
            bool hasFiller = table.FillerNibble >= 0;
            int at = hasFiller ? 0 : MessageView.FirstNibble(in plan, units) + units - characters.Length;
            int fill = hasFiller ? table.FillerNibble : FillerOf(in plan);
            if (!hasFiller && plan.Pad == NibblePad.None && (units & 1) != 0)
                return false;
            return Content.PackNibbles(characters, at, (byte)fill, table, target);
        }

        int first = MessageView.FirstNibble(in plan, units) + units - characters.Length;
        byte filler = units == characters.Length ? FillerOf(in plan) : (byte)0;
        if (!Content.PackNibbles(characters, first, filler, target))
            return false;
        if (plan.Pad == NibblePad.LeftF && (units & 1) != 0)
            target[0] |= 0xF0;
        return plan.Pad != NibblePad.None || (units & 1) == 0;
    }

    private static byte FillerOf(in ElementPlan plan) => plan.Pad is NibblePad.RightF or NibblePad.LeftF ? (byte)0xF : (byte)0;

    public static void WriteHex(ReadOnlySpan<byte> bytes, CodePage? page, Span<byte> target)
    {
        Content.ToHex(bytes, target);
        page?.FromLatin1(target, target);
    }

    /// <summary>Writes bytes, or characters as they read, into content that is as long as they need.</summary>
    public static bool TryWrite(in ElementPlan plan, ReadOnlySpan<byte> value, bool isBinary, Span<byte> target)
    {
        if (isBinary != (plan.Class == CharacterClass.B))
            return false;
        if (!isBinary)
            return plan.Encoding == ContentEncoding.Bcd ? WritePacked(in plan, value, target) : WriteCharacters(in plan, value, (byte)' ', target);
        if (plan.IsHex)
            WriteHex(value, plan.CodePage, target);
        else
            value.CopyTo(target);
        return true;
    }

    /// <summary>Writes the digits of a tagged value, which is as long as they are; an odd number has a zero before it.</summary>
    public static bool WriteTagged(in ElementPlan plan, ReadOnlySpan<byte> digits, Span<byte> target) =>
        (plan.Class != CharacterClass.N || Content.AreDigits(digits))
        && (plan.Nibbles is { } table
            ? Content.PackNibbles(digits, digits.Length & 1, filler: 0, table, target)
            : Content.PackNibbles(digits, digits.Length & 1, filler: 0, target));

    public static void WriteLength(in ElementPlan plan, int length, Span<byte> target)
    {
        // Nearly all lengths are two or three digits.
        if (plan.Length == LengthEncoding.Ascii && target.Length == 3)
        {
            target[0] = (byte)('0' + length / 100);
            target[1] = (byte)('0' + length / 10 % 10);
            target[2] = (byte)('0' + length % 10);
            return;
        }

        if (plan.Length == LengthEncoding.Bcd && target.Length == 2)
        {
            target[0] = (byte)(length / 1000 << 4 | length / 100 % 10);
            target[1] = (byte)(length / 10 % 10 << 4 | length % 10);
            return;
        }

        WriteLength(plan.Length, length, target);
    }

    public static void WriteLength(LengthEncoding encoding, int length, Span<byte> target)
    {
        for (int index = target.Length - 1; index >= 0; index--)
        {
            switch (encoding)
            {
                case LengthEncoding.Ascii:
                    target[index] = (byte)('0' + length % 10);
                    length /= 10;
                    break;
                case LengthEncoding.Ebcdic:
                    target[index] = (byte)(0xF0 + length % 10);
                    length /= 10;
                    break;
                case LengthEncoding.Bcd:
                    target[index] = (byte)((length / 10 % 10 << 4) | length % 10);
                    length /= 100;
                    break;
                case LengthEncoding.Hex:
                    target[index] = "0123456789ABCDEF"u8[length & 0xF];
                    length >>= 4;
                    break;
                default:
                    target[index] = (byte)length;
                    length >>= 8;
                    break;
            }
        }
    }
}
