using System.Buffers.Binary;

namespace Processor.Iso8583;

/// <summary>Reads and writes the length of a frame with what belongs to it; <see cref="FrameHeader"/> says how each looks.</summary>
internal static class FrameLength
{
    private const ushort RbpMark = 0xD04A;

    /// <summary>The number written, 0 or more; -1 when it is none.</summary>
    /// <param name="block">The bytes of the length and of what belongs to it.</param>
    /// <param name="header">How they are written.</param>
    public static long Read(ReadOnlySpan<byte> block, FrameHeader header) => header switch
    {
        FrameHeader.Binary2 or FrameHeader.Vap => BinaryPrimitives.ReadUInt16BigEndian(block),
        FrameHeader.Ascii4 or FrameHeader.Ascii5 or FrameHeader.Ascii6 => ReadDigits(block, '0'),
        FrameHeader.Ebcdic4 or FrameHeader.Ebcdic5 or FrameHeader.Ebcdic6 => ReadDigits(block, 0xF0),
        FrameHeader.Hex4 => ReadHex(block),
        FrameHeader.Bcd2 => ReadBcd(block),
        FrameHeader.Binary3 => (block[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(block[1..]),
        FrameHeader.Binary4 => BinaryPrimitives.ReadUInt32BigEndian(block),
        FrameHeader.Binary2Little => BinaryPrimitives.ReadUInt16LittleEndian(block),
        FrameHeader.Binary4Little => BinaryPrimitives.ReadUInt32LittleEndian(block),
        FrameHeader.Zero2Binary2 when block is [0, 0, _, _] => BinaryPrimitives.ReadUInt16BigEndian(block[2..]),
        FrameHeader.Rbp when block is [0xD0, 0x4A, _, _, 0, 0] => BinaryPrimitives.ReadUInt16BigEndian(block[2..]),
        _ => -1,
    };

    /// <summary>The largest number that can be written.</summary>
    public static long Max(FrameHeader header) => header switch
    {
        FrameHeader.Ascii4 or FrameHeader.Ebcdic4 or FrameHeader.Bcd2 => 9_999,
        FrameHeader.Ascii5 or FrameHeader.Ebcdic5 => 99_999,
        FrameHeader.Ascii6 or FrameHeader.Ebcdic6 => 999_999,
        FrameHeader.Binary3 => 0xFF_FFFF,
        FrameHeader.Binary4 or FrameHeader.Binary4Little => uint.MaxValue,
        FrameHeader.None => long.MaxValue,
        _ => ushort.MaxValue,
    };

    /// <summary>Writes a number of at most <see cref="Max"/>.</summary>
    /// <param name="block">The bytes of the length and of what belongs to it.</param>
    /// <param name="header">How they are written.</param>
    /// <param name="length">What to write.</param>
    /// <param name="session">The two bytes behind the length of <see cref="FrameHeader.Vap"/>.</param>
    public static void Write(Span<byte> block, FrameHeader header, int length, ushort session)
    {
        switch (header)
        {
            case FrameHeader.Ascii4 or FrameHeader.Ascii5 or FrameHeader.Ascii6:
                WriteDigits(block, length, '0');
                break;
            case FrameHeader.Ebcdic4 or FrameHeader.Ebcdic5 or FrameHeader.Ebcdic6:
                WriteDigits(block, length, 0xF0);
                break;
            case FrameHeader.Hex4:
                WriteHex(block, length);
                break;
            case FrameHeader.Bcd2:
                block[0] = (byte)(length / 1000 << 4 | length / 100 % 10);
                block[1] = (byte)(length / 10 % 10 << 4 | length % 10);
                break;
            case FrameHeader.Binary3:
                block[0] = (byte)(length >> 16);
                BinaryPrimitives.WriteUInt16BigEndian(block[1..], (ushort)length);
                break;
            case FrameHeader.Binary4 or FrameHeader.Zero2Binary2:
                BinaryPrimitives.WriteInt32BigEndian(block, length);
                break;
            case FrameHeader.Binary2Little:
                BinaryPrimitives.WriteUInt16LittleEndian(block, (ushort)length);
                break;
            case FrameHeader.Binary4Little:
                BinaryPrimitives.WriteInt32LittleEndian(block, length);
                break;
            case FrameHeader.Vap:
                BinaryPrimitives.WriteUInt16BigEndian(block, (ushort)length);
                BinaryPrimitives.WriteUInt16BigEndian(block[2..], session);
                break;
            case FrameHeader.Rbp:
                BinaryPrimitives.WriteUInt16BigEndian(block, RbpMark);
                BinaryPrimitives.WriteUInt16BigEndian(block[2..], (ushort)length);
                BinaryPrimitives.WriteUInt16BigEndian(block[4..], 0);
                break;
            case FrameHeader.Binary2:
                BinaryPrimitives.WriteUInt16BigEndian(block, (ushort)length);
                break;
        }
    }

    private static int ReadDigits(ReadOnlySpan<byte> digits, int zero)
    {
        int length = 0;
        foreach (byte digit in digits)
        {
            if ((uint)(digit - zero) > 9)
                return -1;
            length = length * 10 + (digit - zero);
        }

        return length;
    }

    private static int ReadHex(ReadOnlySpan<byte> digits)
    {
        int length = 0;
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
                return -1;
            length = length << 4 | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return length;
    }

    private static int ReadBcd(ReadOnlySpan<byte> bytes)
    {
        int length = 0;
        foreach (byte pair in bytes)
        {
            if (pair >> 4 > 9 || (pair & 0xF) > 9)
                return -1;
            length = length * 100 + (pair >> 4) * 10 + (pair & 0xF);
        }

        return length;
    }

    private static void WriteDigits(Span<byte> digits, int length, int zero)
    {
        for (int index = digits.Length - 1; index >= 0; index--, length /= 10)
            digits[index] = (byte)(zero + length % 10);
    }

    private static void WriteHex(Span<byte> digits, int length)
    {
        for (int index = digits.Length - 1; index >= 0; index--, length >>= 4)
            digits[index] = "0123456789abcdef"u8[length & 0xF];
    }
}
