using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Processor.Iso8583;

/// <summary>Checks of content bytes, and the conversions between digits, nibbles and hexadecimal text.</summary>
internal static class Content
{
    /// <summary>For each byte, the bit of each check that it passes.</summary>
    private static readonly ushort[] Marks = MakeMarks();

    /// <summary>The value of a hexadecimal digit, 0xFF for any other byte. Both cases count.</summary>
    private static readonly byte[] HexValues = MakeHexValues();

    private static ReadOnlySpan<byte> HexUpper => "0123456789ABCDEF"u8;

    /// <summary>Index of the first byte that does not pass, or -1.</summary>
    public static int FirstBad(ContentCheck check, ReadOnlySpan<byte> bytes)
    {
        for (int index = 0; index < bytes.Length; index++)
        {
            if (!Passes(check, bytes.Slice(index, 1), index))
                return index;
        }

        return -1;
    }

    /// <summary>Whether all the bytes pass.</summary>
    public static bool Passes(ContentCheck check, ReadOnlySpan<byte> bytes) => check switch
    {
        ContentCheck.None or ContentCheck.BcdTrack => true,
        ContentCheck.Digits => AreDigits(bytes),
        ContentCheck.BcdDigits => AreBcdDigits(bytes),
        ContentCheck.Printable => !bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E),
        ContentCheck.SignedDigits => bytes.Length > 0 && IsSign(bytes[0]) && AreDigits(bytes[1..]),
        ContentCheck.SignedBcd => bytes.Length > 0 && IsSign(bytes[0]) && AreBcdDigits(bytes[1..]),
        ContentCheck.Track => !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'?') || AreMarked(bytes, check),
        _ => AreMarked(bytes, check),
    };

    public static bool AreDigits(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 16)
            return !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9');
        while (bytes.Length >= 8)
        {
            if (!AreDigits(BinaryPrimitives.ReadUInt64LittleEndian(bytes)))
                return false;
            bytes = bytes[8..];
        }

        foreach (byte value in bytes)
        {
            if ((uint)(value - '0') > 9)
                return false;
        }

        return true;
    }

    public static bool AreBcdDigits(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            if (!AreNibbleDigits(BinaryPrimitives.ReadUInt64LittleEndian(bytes)))
                return false;
            bytes = bytes[8..];
        }

        foreach (byte value in bytes)
        {
            if (!AreNibbleDigits(value))
                return false;
        }

        return true;
    }

    /// <summary>Digits from nibbles, beginning at the given nibble. The target decides how many.</summary>
    public static void UnpackNibbles(ReadOnlySpan<byte> packed, int firstNibble, Span<byte> digits)
    {
        for (int index = 0; index < digits.Length; index++)
        {
            int nibble = firstNibble + index;
            int value = (nibble & 1) == 0 ? packed[nibble >> 1] >> 4 : packed[nibble >> 1] & 0xF;
            digits[index] = (byte)('0' + value);
        }
    }

    /// <summary>
    /// Nibbles from characters 0x30 to 0x3F (<c>D</c> counts as <c>=</c>); the filler nibbles before and after keep
    /// what <paramref name="filler"/> says. False at any other character.
    /// </summary>
    public static bool PackNibbles(ReadOnlySpan<byte> characters, int firstNibble, byte filler, Span<byte> packed)
    {
        packed.Fill((byte)(filler << 4 | filler));
        for (int index = 0; index < characters.Length; index++)
        {
            byte character = characters[index] == 'D' ? (byte)'=' : characters[index];
            if ((character & 0xF0) != 0x30)
                return false;
            int nibble = firstNibble + index;
            ref byte target = ref packed[nibble >> 1];
            target = (nibble & 1) == 0
                ? (byte)((target & 0x0F) | (character << 4))
                : (byte)((target & 0xF0) | (character & 0x0F));
        }

        return true;
    }

    public static void ToHex(ReadOnlySpan<byte> bytes, Span<byte> hex)
    {
        for (int index = 0; index < bytes.Length; index++)
        {
            hex[2 * index] = HexUpper[bytes[index] >> 4];
            hex[2 * index + 1] = HexUpper[bytes[index] & 0xF];
        }
    }

    /// <summary>Bytes from an even number of hexadecimal digits; false when one is none.</summary>
    public static bool FromHex(ReadOnlySpan<byte> hex, Span<byte> bytes)
    {
        int bad = 0;
        for (int index = 0; index < hex.Length >> 1; index++)
        {
            int high = HexValues[hex[2 * index]];
            int low = HexValues[hex[2 * index + 1]];
            bad |= high | low;
            bytes[index] = (byte)((high << 4) | (low & 0xF));
        }

        return (bad & 0xF0) == 0;
    }

    private static bool Passes(ContentCheck check, ReadOnlySpan<byte> one, int index) => check switch
    {
        ContentCheck.SignedDigits => index == 0 ? IsSign(one[0]) : AreDigits(one),
        ContentCheck.SignedBcd => index == 0 ? IsSign(one[0]) : AreBcdDigits(one),
        _ => Passes(check, one),
    };

    // Some senders write a zero where they have no sign to tell.
    private static bool IsSign(byte value) => value is (byte)'C' or (byte)'D' or (byte)'0';

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreDigits(ulong eight) =>
        ((eight & 0xF0F0F0F0F0F0F0F0) | (((eight + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4)) == 0x3333333333333333;

    // A nibble is above 9 when its bit 3 and one of its bits 2 and 1 are set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreNibbleDigits(ulong nibbles) =>
        (nibbles & ((nibbles << 1) | (nibbles << 2)) & 0x8888888888888888) == 0;

    private static bool AreMarked(ReadOnlySpan<byte> bytes, ContentCheck check)
    {
        ushort[] marks = Marks;
        int all = 1 << (int)check;
        foreach (byte value in bytes)
            all &= marks[value];
        return all != 0;
    }

    private static ushort[] MakeMarks()
    {
        ushort[] marks = new ushort[256];
        for (int value = 0; value < 256; value++)
        {
            char character = (char)value;
            bool isSpace = character == ' ';
            bool isLetter = char.IsAsciiLetter(character);
            bool isDigit = char.IsAsciiDigit(character);
            bool isPrintable = value is >= 0x20 and <= 0x7E;
            Mark(ContentCheck.Letters, isLetter || isSpace);
            Mark(ContentCheck.LettersAndDigits, isLetter || isDigit || isSpace);
            Mark(ContentCheck.DigitsAndSpecials, isPrintable && !isLetter);
            Mark(ContentCheck.Latin1, isPrintable || value >= 0xA0);
            Mark(ContentCheck.Track, value is >= 0x30 and <= 0x3F or 'D');
            Mark(ContentCheck.HexDigits, char.IsAsciiHexDigit(character));

            void Mark(ContentCheck check, bool passes) => marks[value] |= (ushort)(passes ? 1 << (int)check : 0);
        }

        return marks;
    }

    private static byte[] MakeHexValues()
    {
        byte[] values = new byte[256];
        Array.Fill(values, (byte)0xFF);
        for (int value = 0; value < 16; value++)
        {
            values[HexUpper[value]] = (byte)value;
            values[HexUpper[value] | 0x20] = (byte)value;
        }

        return values;
    }
}
