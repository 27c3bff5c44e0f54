using System.Buffers.Binary;
using System.Numerics;

namespace Processor.Iso8583;

// Where the bytes of elements and bitmaps go.
public ref partial struct MessageWriter
{
    private readonly int ElementsStart()
    {
        int position = _start + _dialect.MtiBytes;
        for (int index = 0; index < _bitmapCount; index++)
            position += _dialect.Bitmaps.BytesOf(index);
        return position;
    }

    private readonly ref readonly ElementPlan PlanOf(int dataElement) =>
        ref _dialect.Plans[(uint)dataElement <= Dialect.ElementMax ? dataElement : 0];

    private bool SetCharacters(int dataElement, scoped ReadOnlySpan<byte> characters, byte filler)
    {
        ref readonly var plan = ref PlanOf(dataElement);
        if (!TryReserve(in plan, dataElement, characters.Length, isExact: false, out var target))
            return false;
        if (plan.Class == CharacterClass.B)
            return Fail(dataElement, WriteStatus.BadCharacter);
        bool isWritten = plan.Encoding == ContentEncoding.Bcd
            ? ContentWriter.WritePacked(in plan, characters, target)
            : ContentWriter.WriteCharacters(in plan, characters, filler, target);
        return isWritten || Fail(dataElement, WriteStatus.BadCharacter);
    }

    private bool TryCopyEach(in MessageView source, in ElementSet elements, int behind)
    {
        for (int element = elements.Next(behind); element != 0; element = elements.Next(element))
        {
            if (!CopyFrom(in source, element))
                return false;
        }

        return true;
    }

    // Elements that follow each other in the source are one range of bytes there.
    private bool TryCopyRuns(in MessageView source, ulong wanted, ulong others)
    {
        while (wanted != 0)
        {
            int first = BitOperations.LeadingZeroCount(wanted);
            int stop = BitOperations.LeadingZeroCount(others & (ulong.MaxValue >> first));
            ulong run = stop == 64 ? wanted : wanted & ~(ulong.MaxValue >> stop);
            int last = 63 - BitOperations.TrailingZeroCount(run);
            var bytes = source.Range(first + 1, last + 1);
            if (bytes.Length > _room - _length)
                return Fail(first + 1, WriteStatus.BufferTooShort);
            bytes.CopyTo(_buffer[_length..]);
            _length += bytes.Length;
            _last = last + 1;
            _primary |= run;
            wanted ^= run;
        }

        return true;
    }

    private bool CopyOutOfOrder(int dataElement, scoped ReadOnlySpan<byte> bytes)
    {
        if (!TryOpen(dataElement, bytes.Length, out var target))
            return false;
        bytes.CopyTo(target);
        return true;
    }

    /// <summary>Makes room for an element of so many units and writes its length.</summary>
    private bool TryReserve(in ElementPlan plan, int dataElement, int units, bool isExact, out Span<byte> target)
    {
        target = default;
        if (Status != WriteStatus.Written)
            return false;
        if (!plan.IsDefined)
            return Fail(dataElement, WriteStatus.UnknownElement);
        if (units > plan.UnitsMax)
            return Fail(dataElement, WriteStatus.TooLong);
        bool isFixed = plan.Length == LengthEncoding.Fixed;
        if (isFixed && isExact && units != plan.UnitsMax)
            return Fail(dataElement, WriteStatus.WrongLength);
        int bytes = isFixed ? plan.BytesMax : plan.LengthBytes + plan.BytesOf(units);
        if (!TryOpen(dataElement, bytes, out target))
            return false;
        if (isFixed)
            return true;
        ContentWriter.WriteLength(in plan, plan.LengthOf(units, bytes - plan.LengthBytes), target[..plan.LengthBytes]);
        target = target[plan.LengthBytes..];
        return true;
    }

    /// <summary>Opens a gap of so many bytes where the element belongs, and marks it present.</summary>
    private bool TryOpen(int dataElement, int bytes, out Span<byte> target)
    {
        target = default;
        ref ulong bits = ref _primary;
        if (dataElement > 64)
            bits = ref (dataElement > 128 ? ref _third : ref _secondary);
        ulong bit = HighestBit >> ((dataElement - 1) & 63);
        if ((bits & bit) != 0)
            return Fail(dataElement, WriteStatus.DuplicateElement);
        if (dataElement > 64 && !TryOpenBitmap(dataElement))
            return false;
        if (_room - _length < bytes)
            return Fail(dataElement, WriteStatus.BufferTooShort);
        bits |= bit;
        int position = _length;
        if (dataElement > _last)
        {
            _last = dataElement;
        }
        else
        {
            position = PositionOf(dataElement);
            _buffer[position.._length].CopyTo(_buffer[(position + bytes)..]);
        }

        target = _buffer.Slice(position, bytes);
        _length += bytes;
        return true;
    }

    /// <summary>Makes room for the bitmap that holds the element's bit, unless it is there.</summary>
    private bool TryOpenBitmap(int dataElement)
    {
        bool isInPlace = _dialect.Bitmaps.IsThirdInPlace;
        int needed = Math.Min((dataElement + 63) >> 6, isInPlace ? 2 : 3);
        while (_bitmapCount < needed)
        {
            int bytes = _dialect.Bitmaps.BytesOf(_bitmapCount);
            if (_room - _length < bytes)
                return Fail(dataElement, WriteStatus.BufferTooShort);
            int position = ElementsStart();
            _buffer[position.._length].CopyTo(_buffer[(position + bytes)..]);
            _length += bytes;
            _bitmapCount++;
        }

        bool isThirdMissing = isInPlace && dataElement > 128 && (_secondary & HighestBit) == 0;
        return !isThirdMissing || TryOpen(65, _dialect.Bitmaps.BytesOf(2), out _);
    }

    /// <summary>Where an element below the last one belongs: behind all that are written and stand before it.</summary>
    private readonly int PositionOf(int dataElement)
    {
        int position = ElementsStart();
        for (int element = 1; element < dataElement; element++)
        {
            ulong bits = element > 128 ? _third : element > 64 ? _secondary : _primary;
            if ((bits & (HighestBit >> ((element - 1) & 63))) == 0)
                continue;
            ref readonly var plan = ref _dialect.Plans[element];
            if (element == 65 && _dialect.Bitmaps.IsThirdInPlace)
            {
                position += _dialect.Bitmaps.BytesOf(2);
                continue;
            }

            position += plan.Length == LengthEncoding.Fixed
                ? plan.BytesMax
                : plan.LengthBytes + plan.BytesOf(plan.UnitsOf(
                    ElementReader.ReadLength(in plan, _buffer.Slice(position, plan.LengthBytes))));
        }

        return position;
    }

    // One or two bitmaps behind the MTI, the second when an element needs it, and no header.
    private readonly void WritePlainBitmaps()
    {
        int position = _dialect.MtiBytes;
        WriteBitmap(0, position, _secondary != 0 ? _primary | HighestBit : _primary);
        if (_secondary != 0)
            WriteBitmap(1, position + _dialect.BitmapBytes, _secondary);
    }

    private readonly void WriteBitmaps()
    {
        var rule = _dialect.Bitmaps;
        int natural = _third != 0 ? 3 : _secondary != 0 ? 2 : 1;
        int announced = rule.IsFixed && _announced != 0 ? _announced : Math.Max(natural, _announced);
        int position = _start + _dialect.MtiBytes;
        for (int index = 0; index < _bitmapCount; index++)
        {
            ulong bits = index switch { 0 => _primary, 1 => _secondary, _ => _third };
            if (announced > index + 1 && (index == 0 || !rule.IsThirdInPlace))
                bits |= HighestBit;
            WriteBitmap(index, position, bits);
            position += rule.BytesOf(index);
        }

        if (_third != 0 && rule.IsThirdInPlace)
            WriteBitmap(2, PositionOf(65), _third);
    }

    private readonly void WriteBitmap(int index, int position, ulong bitmap)
    {
        var encoding = _dialect.Bitmaps.Encodings[index];
        if (encoding == BitmapEncoding.Binary)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_buffer[position..], bitmap);
            return;
        }

        var target = _buffer.Slice(position, HexText.Digits);
        HexText.Write(bitmap, target);
        if (encoding == BitmapEncoding.HexEbcdic)
            CodePage.Cp500.FromLatin1(target, target);
        if (encoding != BitmapEncoding.HexLower)
            return;
        foreach (ref byte digit in target)
            digit = digit >= (byte)'A' ? (byte)(digit | 0x20) : digit;
    }

    private bool Fail(int dataElement, WriteStatus status)
    {
        if (Status == WriteStatus.Written)
        {
            Status = status;
            FailedElement = dataElement;
        }

        return false;
    }
}
