using System.Buffers.Binary;
using System.Numerics;

namespace Processor.Bench;

/// <summary><see cref="HandWrittenParser"/> for the same message in iso87-binary.</summary>
internal ref struct HandWrittenBinaryParser
{
    private readonly ReadOnlySpan<byte> _frame;
    private int _position;

    private HandWrittenBinaryParser(ReadOnlySpan<byte> frame)
    {
        _frame = frame;
        _position = 0;
    }

    public static bool TryParse(ReadOnlySpan<byte> frame, out int mti, ref HandWrittenParser.Places places)
    {
        var parser = new HandWrittenBinaryParser(frame);
        return parser.TryParse(out mti, ref places);
    }

    private bool TryParse(out int mti, ref HandWrittenParser.Places places)
    {
        mti = 0;
        if (_frame.Length < 10 || !AreDigits(_frame[..2]))
            return false;
        mti = BinaryPrimitives.ReadUInt16BigEndian(_frame);
        ulong bits = BinaryPrimitives.ReadUInt64BigEndian(_frame[2..]);
        if ((bits & (1UL << 63)) != 0)
            return false;
        _position = 10;
        return (!Has(bits, 2) || Number(19, out places[2]))
            && (!Has(bits, 3) || Digits(6, out places[3]))
            && (!Has(bits, 4) || Digits(12, out places[4]))
            && (!Has(bits, 7) || Digits(10, out places[7]))
            && (!Has(bits, 11) || Digits(6, out places[11]))
            && (!Has(bits, 12) || Digits(6, out places[12]))
            && (!Has(bits, 13) || Digits(4, out places[13]))
            && (!Has(bits, 14) || Digits(4, out places[14]))
            && (!Has(bits, 18) || Digits(4, out places[18]))
            && (!Has(bits, 22) || Digits(3, out places[22]))
            && (!Has(bits, 23) || Digits(3, out places[23]))
            && (!Has(bits, 24) || Digits(3, out places[24]))
            && (!Has(bits, 25) || Digits(2, out places[25]))
            && (!Has(bits, 32) || Number(11, out places[32]))
            && (!Has(bits, 35) || Track(37, out places[35]))
            && (!Has(bits, 37) || Text(12, out places[37]))
            && (!Has(bits, 41) || Text(8, out places[41]))
            && (!Has(bits, 42) || Text(15, out places[42]))
            && (!Has(bits, 43) || Text(40, out places[43]))
            && (!Has(bits, 49) || Text(3, out places[49]))
            && (!Has(bits, 55) || Bytes(999, out places[55]))
            && BitOperations.PopCount(bits) == HandWrittenParser.Elements
            && _position == _frame.Length;
    }

    private static bool Has(ulong bits, int element) => (bits << (element - 1)) >> 63 != 0;

    private bool Digits(int digits, out long place)
    {
        int length = (digits + 1) / 2;
        place = ((long)_position << 32) | (uint)length;
        if (_frame.Length - _position < length)
            return false;
        var content = _frame.Slice(_position, length);
        if (!AreDigits(content) || (digits % 2 != 0 && content[0] > 9))
            return false;
        _position += length;
        return true;
    }

    private bool Number(int most, out long place)
    {
        if (!Packed(most, out place, out int digits))
            return false;
        var content = _frame[(int)(place >> 32).._position];
        if (digits % 2 == 0)
            return AreDigits(content);
        return AreDigits(content[..^1]) && content[^1] >> 4 <= 9 && (content[^1] & 0xF) is 0 or 0xF;
    }

    private bool Track(int most, out long place)
    {
        if (!Packed(most, out place, out int digits))
            return false;
        return digits % 2 == 0 || (_frame[_position - 1] & 0xF) is 0 or 0xF;
    }

    private bool Packed(int most, out long place, out int digits)
    {
        place = 0;
        digits = 0;
        if (_position >= _frame.Length || !AreDigits(_frame.Slice(_position, 1)))
            return false;
        int prefix = _frame[_position++];
        digits = (prefix >> 4) * 10 + (prefix & 0xF);
        int length = (digits + 1) / 2;
        if (digits > most || _frame.Length - _position < length)
            return false;
        place = ((long)_position << 32) | (uint)length;
        _position += length;
        return true;
    }

    private bool Text(int length, out long place)
    {
        place = ((long)_position << 32) | (uint)length;
        if (_frame.Length - _position < length || _frame.Slice(_position, length).ContainsAnyExceptInRange((byte)0x20, (byte)0x7E))
            return false;
        _position += length;
        return true;
    }

    private bool Bytes(int most, out long place)
    {
        place = 0;
        if (_frame.Length - _position < 2 || !AreDigits(_frame.Slice(_position, 2)))
            return false;
        int length = (_frame[_position] & 0xF) * 100 + (_frame[_position + 1] >> 4) * 10 + (_frame[_position + 1] & 0xF);
        _position += 2;
        if (length > most || _frame.Length - _position < length)
            return false;
        place = ((long)_position << 32) | (uint)length;
        _position += length;
        return true;
    }

    private static bool AreDigits(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value >> 4 > 9 || (value & 0xF) > 9)
                return false;
        }

        return true;
    }
}
