using System.Numerics;
using System.Runtime.CompilerServices;

namespace Processor.Bench;

/// <summary>
/// What somebody would write by hand for one known message: iso87-ascii, each element in its own line of code, the
/// same checks as the dialect asks. It is the yardstick for the compiled tables, and reads no other message.
/// </summary>
internal ref struct HandWrittenParser
{
    /// <summary>Elements of the message that it reads.</summary>
    public const int Elements = 21;

    private readonly ReadOnlySpan<byte> _frame;
    private int _position;

    private HandWrittenParser(ReadOnlySpan<byte> frame)
    {
        _frame = frame;
        _position = 0;
    }

    /// <summary>Offsets and lengths by element.</summary>
    [InlineArray(65)]
    internal struct Places
    {
        private long _first;
    }

    public static bool TryParse(ReadOnlySpan<byte> frame, out int mti, ref Places places)
    {
        var parser = new HandWrittenParser(frame);
        return parser.TryParse(out mti, ref places);
    }

    private bool TryParse(out int mti, ref Places places)
    {
        mti = 0;
        if (_frame.Length < 20 || !AreDigits(_frame[..4]))
            return false;
        for (int index = 0; index < 4; index++)
            mti = mti * 10 + (_frame[index] - '0');
        ulong bits = 0;
        for (int index = 4; index < 20; index++)
        {
            int value = HexValue(_frame[index]);
            if (value < 0)
                return false;
            bits = (bits << 4) | (uint)value;
        }

        if ((bits & (1UL << 63)) != 0)
            return false;
        _position = 20;
        return (!Has(bits, 2) || Variable(2, 2, 19, isDigits: true, out places[2]))
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
            && (!Has(bits, 32) || Variable(32, 2, 11, isDigits: true, out places[32]))
            && (!Has(bits, 35) || Variable(35, 2, 37, isDigits: false, out places[35]))
            && (!Has(bits, 37) || Text(12, out places[37]))
            && (!Has(bits, 41) || Text(8, out places[41]))
            && (!Has(bits, 42) || Text(15, out places[42]))
            && (!Has(bits, 43) || Text(40, out places[43]))
            && (!Has(bits, 49) || Text(3, out places[49]))
            && (!Has(bits, 55) || Variable(55, 3, 999, isDigits: false, out places[55]))
            && BitOperations.PopCount(bits) == Elements
            && _position == _frame.Length;
    }

    private static bool Has(ulong bits, int element) => (bits << (element - 1)) >> 63 != 0;

    private bool Digits(int length, out long place)
    {
        place = ((long)_position << 32) | (uint)length;
        if (_frame.Length - _position < length || !AreDigits(_frame.Slice(_position, length)))
            return false;
        _position += length;
        return true;
    }

    private bool Text(int length, out long place)
    {
        place = ((long)_position << 32) | (uint)length;
        if (_frame.Length - _position < length
            || _frame.Slice(_position, length).ContainsAnyExceptInRange((byte)0x20, (byte)0x7E))
        {
            return false;
        }

        _position += length;
        return true;
    }

    private bool Variable(int element, int lengthDigits, int most, bool isDigits, out long place)
    {
        place = 0;
        if (_frame.Length - _position < lengthDigits)
            return false;
        int length = 0;
        for (int index = 0; index < lengthDigits; index++)
        {
            int digit = _frame[_position + index] - '0';
            if ((uint)digit > 9)
                return false;
            length = length * 10 + digit;
        }

        _position += lengthDigits;
        if (length > most || _frame.Length - _position < length)
            return false;
        var content = _frame.Slice(_position, length);
        if (isDigits && !AreDigits(content))
            return false;
        if (element == 35 && content.ContainsAnyExceptInRange((byte)'0', (byte)'?'))
            return false;
        place = ((long)_position << 32) | (uint)length;
        _position += length;
        return true;
    }

    private static bool AreDigits(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
