using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Processor.Iso8583;

/// <summary>Checks of content bytes, and the conversions between digits, nibbles and hexadecimal text.</summary>
internal static class Content
{
    /// <summary>For each byte, the bit of each check that it passes.</summary>
    private static readonly uint[] Marks = MakeMarks();

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
        ContentCheck.None or ContentCheck.BcdTrack or ContentCheck.BcdTable => true,
        ContentCheck.Digits => AreDigits(bytes),
        ContentCheck.BcdDigits => AreBcdDigits(bytes),
        ContentCheck.Printable => !bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E),
        ContentCheck.SignedDigits => bytes.Length > 0 && IsSign(bytes[0]) && AreDigits(bytes[1..]),
        ContentCheck.SignedBcd => bytes.Length > 0 && IsSign(bytes[0]) && AreBcdDigits(bytes[1..]),
        ContentCheck.EbcdicDigits => !bytes.ContainsAnyExceptInRange((byte)0xF0, (byte)0xF9),
        ContentCheck.EbcdicSignedDigits =>
            bytes.Length > 0 && IsEbcdicSign(bytes[0]) && !bytes[1..].ContainsAnyExceptInRange((byte)0xF0, (byte)0xF9),
        ContentCheck.SevenBits => Ascii.IsValid(bytes),
        ContentCheck.LettersAndDigits => CharacterRanges.AreLettersAndDigits(bytes),
        ContentCheck.Latin1 => !bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E) || AreMarked(bytes, check),
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
        while (bytes.Length >= Vector128<byte>.Count)
        {
            if (!AreNibbleDigits(Vector128.Create(bytes)))
                return false;
            bytes = bytes[Vector128<byte>.Count..];
        }

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

    /// <summary>As above, with a table of the element's own for nibbles above 9.</summary>
    public static bool PackNibbles(ReadOnlySpan<byte> characters, int firstNibble, byte filler, NibbleTable table, Span<byte> packed)
    {
        packed.Fill((byte)(filler << 4 | filler));
        for (int index = 0; index < characters.Length; index++)
        {
            byte value = table.NibbleOf(characters[index]);
            if (value == NibbleTable.Refused)
                return false;
            int nibble = firstNibble + index;
            ref byte target = ref packed[nibble >> 1];
            target = (nibble & 1) == 0 ? (byte)((target & 0x0F) | (value << 4)) : (byte)((target & 0xF0) | value);
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

    /// <summary>Bytes from an even number of ASCII or EBCDIC hexadecimal digits; false when one is none.</summary>
    public static bool FromHex(ContentCheck check, ReadOnlySpan<byte> hex, Span<byte> bytes)
    {
        if (check == ContentCheck.HexDigits)
            return FromHex(hex, bytes);
        Span<byte> pair = stackalloc byte[2];
        for (int index = 0; index < hex.Length >> 1; index++)
        {
            CodePage.Cp500.ToLatin1(hex.Slice(2 * index, 2), pair);
            if (!FromHex(pair, bytes.Slice(index, 1)))
                return false;
        }

        return true;
    }

    /// <summary>The value of an ASCII hexadecimal digit, above 15 for any other byte.</summary>
    public static int HexValue(byte digit) => HexValues[digit];

    private static bool Passes(ContentCheck check, ReadOnlySpan<byte> one, int index) => check switch
    {
        ContentCheck.SignedDigits => index == 0 ? IsSign(one[0]) : AreDigits(one),
        ContentCheck.SignedBcd => index == 0 ? IsSign(one[0]) : AreBcdDigits(one),
        ContentCheck.EbcdicSignedDigits => index == 0 ? IsEbcdicSign(one[0]) : one[0] is >= 0xF0 and <= 0xF9,
        _ => Passes(check, one),
    };

    // Some senders write a zero where they have no sign to tell.
    private static bool IsSign(byte value) => value is (byte)'C' or (byte)'D' or (byte)'0';

    private static bool IsEbcdicSign(byte value) => value is 0xC3 or 0xC4 or 0xF0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreDigits(ulong eight) =>
        ((eight & 0xF0F0F0F0F0F0F0F0) | (((eight + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4)) == 0x3333333333333333;

    // A nibble is above 9 when its bit 3 and one of its bits 2 and 1 are set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreNibbleDigits(ulong nibbles) =>
        (nibbles & ((nibbles << 1) | (nibbles << 2)) & 0x8888888888888888) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreNibbleDigits(Vector128<byte> nibbles)
    {
        var words = nibbles.AsUInt64();
        return (words & (words << 1 | words << 2) & Vector128.Create(0x8888888888888888)) == Vector128<ulong>.Zero;
    }

    private static bool AreMarked(ReadOnlySpan<byte> bytes, ContentCheck check)
    {
        uint[] marks = Marks;
        uint all = 1U << (int)check;
        foreach (byte value in bytes)
            all &= marks[value];
        return all != 0;
    }

    private static uint[] MakeMarks()
    {
        uint[] marks = new uint[256];
        for (int value = 0; value < 256; value++)
        {
            byte latin1 = (byte)value;
            Mark(latin1, ContentCheck.Letters, IsLetter(latin1));
            Mark(latin1, ContentCheck.LettersAndDigits, IsLetter(latin1) || IsDigit(latin1));
            Mark(latin1, ContentCheck.DigitsAndSpecials, IsSpecial(latin1));
            Mark(latin1, ContentCheck.Latin1, IsPrintable(latin1) || value >= 0xA0);
            Mark(latin1, ContentCheck.Track, IsTrack(latin1));
            Mark(latin1, ContentCheck.HexDigits, char.IsAsciiHexDigit((char)value));

            // Letters, digits and the signs of a track are the same bytes in every code page.
            byte shared = CodePage.Cp500.FromLatin1(latin1);
            Mark(shared, ContentCheck.EbcdicLetters, IsLetter(latin1));
            Mark(shared, ContentCheck.EbcdicLettersAndDigits, IsLetter(latin1) || IsDigit(latin1));
            Mark(shared, ContentCheck.EbcdicTrack, IsTrack(latin1));
            Mark(shared, ContentCheck.EbcdicHexDigits, char.IsAsciiHexDigit((char)value));
            Mark(shared, ContentCheck.EbcdicPrintable500, IsPrintable(latin1));
            Mark(shared, ContentCheck.EbcdicDigitsAndSpecials500, IsSpecial(latin1));
            Mark(CodePage.Cp037.FromLatin1(latin1), ContentCheck.EbcdicPrintable037, IsPrintable(latin1));
            Mark(CodePage.Cp037.FromLatin1(latin1), ContentCheck.EbcdicDigitsAndSpecials037, IsSpecial(latin1));
            Mark(CodePage.Cp1047.FromLatin1(latin1), ContentCheck.EbcdicPrintable1047, IsPrintable(latin1));
            Mark(CodePage.Cp1047.FromLatin1(latin1), ContentCheck.EbcdicDigitsAndSpecials1047, IsSpecial(latin1));
        }

        return marks;

        void Mark(byte value, ContentCheck check, bool passes) => marks[value] |= passes ? 1U << (int)check : 0;
        static bool IsLetter(byte value) => char.IsAsciiLetter((char)value) || value == ' ';
        static bool IsDigit(byte value) => char.IsAsciiDigit((char)value);
        static bool IsPrintable(byte value) => value is >= 0x20 and <= 0x7E;
        static bool IsSpecial(byte value) => IsPrintable(value) && !char.IsAsciiLetter((char)value);
        static bool IsTrack(byte value) => value is >= 0x30 and <= 0x3F or (byte)'D';
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
