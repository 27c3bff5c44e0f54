using System.Buffers.Binary;
using System.Numerics;

namespace Processor.Iso8583;

// MTI bitmap [second bitmap] element...
/// <summary>
/// Writes one message into a buffer that the caller owns. Elements may be set in any order; in ascending order each
/// is written where it belongs, otherwise those above it are moved. The first failure sticks: what follows does
/// nothing, and <see cref="TryFinish"/> answers false. Allocates nothing and throws nothing.
/// </summary>
public ref struct MessageWriter
{
    private const ulong SecondBitmap = 1UL << 63;

    private readonly Span<byte> _buffer;
    private readonly Dialect _dialect;
    private ulong _primary;
    private ulong _secondary;
    private int _length;
    private int _last;

    /// <param name="buffer">Where the message goes, from its first byte; leave the frame header out.</param>
    /// <param name="dialect">How it is written.</param>
    public MessageWriter(Span<byte> buffer, Dialect dialect)
    {
        _buffer = buffer;
        _dialect = dialect;
        Status = WriteStatus.NotBegun;
    }

    /// <summary>The first failure, or <see cref="WriteStatus.Written"/>.</summary>
    public WriteStatus Status { get; private set; }

    /// <summary>The element that failed; 0 when none did.</summary>
    public int FailedElement { get; private set; }

    private readonly int HeaderLength => _dialect.MtiBytes + _dialect.BitmapBytes;

    /// <summary>Starts a message; what was written before into the buffer is given up.</summary>
    public void Begin(Mti mti)
    {
        _primary = 0;
        _secondary = 0;
        _last = 1;
        FailedElement = 0;
        _length = HeaderLength;
        Status = _buffer.Length < _length ? WriteStatus.BufferTooShort : WriteStatus.Written;
        if (Status != WriteStatus.Written)
            return;
        if (_dialect.MtiEncoding == ContentEncoding.Bcd)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_buffer, mti.Value);
            return;
        }

        for (int index = 0; index < 4; index++)
            _buffer[index] = (byte)('0' + ((mti.Value >> (12 - 4 * index)) & 0xF));
    }

    /// <summary>Sets an element from ASCII digits; a fixed one is filled with zeros from the left.</summary>
    public bool SetDigits(int dataElement, scoped ReadOnlySpan<byte> asciiDigits)
    {
        if (Status == WriteStatus.Written && !Content.AreDigits(asciiDigits))
            return Fail(dataElement, WriteStatus.BadCharacter);
        return SetCharacters(dataElement, asciiDigits, (byte)'0');
    }

    /// <summary>Sets an element from a number; a fixed one is filled with zeros from the left.</summary>
    public bool SetNumber(int dataElement, ulong number)
    {
        Span<byte> digits = stackalloc byte[20];
        int first = digits.Length;
        do
        {
            digits[--first] = (byte)('0' + number % 10);
            number /= 10;
        }
        while (number != 0);
        return SetCharacters(dataElement, digits[first..], (byte)'0');
    }

    /// <summary>
    /// Sets an element from ASCII text; a fixed one is filled with spaces from the right, one of digits with zeros
    /// from the left. A signed amount is given with its sign and all its digits.
    /// </summary>
    public bool SetText(int dataElement, scoped ReadOnlySpan<byte> ascii) => SetCharacters(dataElement, ascii, (byte)' ');

    /// <summary>Sets a <c>b</c> element from its bytes, also where the wire writes them as hexadecimal text.</summary>
    public bool SetBinary(int dataElement, scoped ReadOnlySpan<byte> bytes)
    {
        if (!TryReserve(dataElement, bytes.Length, isExact: true, out var target, out var plan))
            return false;
        if (plan.Class != CharacterClass.B)
            return Fail(dataElement, WriteStatus.BadCharacter);
        if (plan.Encoding == ContentEncoding.Hex)
            Content.ToHex(bytes, target);
        else
            bytes.CopyTo(target);
        return true;
    }

    /// <summary>
    /// Sets an element from content as this dialect has it on the wire, without the written length. An odd number
    /// of BCD digits cannot be told from bytes: use <see cref="SetDigits"/> or <see cref="CopyFrom"/> there.
    /// </summary>
    public bool SetRaw(int dataElement, scoped ReadOnlySpan<byte> content)
    {
        ref readonly var plan = ref PlanOf(dataElement);
        int units = plan.UnitsMax;
        if (plan.Length != LengthEncoding.Fixed)
        {
            units = plan.Encoding switch
            {
                ContentEncoding.Bcd => content.Length * 2,
                ContentEncoding.Hex => content.Length / 2,
                _ => content.Length,
            };
        }

        if (plan.IsDefined && plan.BytesOf(units) != content.Length)
            return Fail(dataElement, WriteStatus.WrongLength);
        if (!Content.Passes(plan.Check, content))
            return Fail(dataElement, WriteStatus.BadCharacter);
        if (!TryReserve(dataElement, units, isExact: true, out var target, out _))
            return false;
        content.CopyTo(target);
        return true;
    }

    /// <summary>
    /// Echoes an element of a request: its very bytes when both speak the same dialect, its content otherwise. An
    /// element that is not there is left out, which is no failure.
    /// </summary>
    public bool CopyFrom(in MessageView source, int dataElement)
    {
        if (Status != WriteStatus.Written)
            return false;
        if (!source.Has(dataElement))
            return true;
        if (ReferenceEquals(source.Dialect, _dialect))
        {
            var bytes = source.RawWithLength(dataElement);
            if (!TryOpen(dataElement, bytes.Length, out var target))
                return false;
            bytes.CopyTo(target);
            return true;
        }

        Span<byte> content = stackalloc byte[1024];
        if (source.TryGetBinary(dataElement, content, out int length))
            return SetBinary(dataElement, content[..length]);
        return source.TryGetText(dataElement, content, out length)
            ? SetText(dataElement, content[..length])
            : Fail(dataElement, WriteStatus.TooLong);
    }

    /// <summary>Writes the bitmaps.</summary>
    /// <param name="length">Bytes of the whole message from the start of the buffer; 0 after a failure.</param>
    /// <returns>False when any step failed; <see cref="Status"/> and <see cref="FailedElement"/> say which.</returns>
    public bool TryFinish(out int length)
    {
        length = 0;
        if (Status != WriteStatus.Written)
            return false;
        bool hasSecond = _secondary != 0;
        WriteBitmap(_dialect.MtiBytes, hasSecond ? _primary | SecondBitmap : _primary);
        if (hasSecond)
            WriteBitmap(_dialect.MtiBytes + _dialect.BitmapBytes, _secondary);
        length = _length;
        return true;
    }

    private readonly ref readonly ElementPlan PlanOf(int dataElement) =>
        ref _dialect.Plans[(uint)dataElement <= 128 ? dataElement : 0];

    private bool SetCharacters(int dataElement, scoped ReadOnlySpan<byte> characters, byte filler)
    {
        if (!TryReserve(dataElement, characters.Length, isExact: false, out var target, out var plan))
            return false;
        if (plan.Class == CharacterClass.B)
            return Fail(dataElement, WriteStatus.BadCharacter);
        bool isWritten = plan.Encoding == ContentEncoding.Bcd
            ? WritePacked(in plan, characters, target)
            : WriteCharacters(in plan, characters, filler, target);
        return isWritten || Fail(dataElement, WriteStatus.BadCharacter);
    }

    private static bool WriteCharacters(
        in ElementPlan plan, ReadOnlySpan<byte> characters, byte filler, Span<byte> target)
    {
        int missing = target.Length - characters.Length;
        bool isLeft = plan.Class == CharacterClass.N || filler == '0';
        characters.CopyTo(isLeft ? target[missing..] : target);
        (isLeft ? target[..missing] : target[characters.Length..]).Fill(isLeft ? (byte)'0' : (byte)' ');
        return Content.Passes(plan.Check, target) || target.Length == 0;
    }

    private static bool WritePacked(in ElementPlan plan, ReadOnlySpan<byte> characters, Span<byte> target)
    {
        if (plan.Class == CharacterClass.SignedN)
        {
            if (characters.Length != plan.UnitsMax || !Content.Passes(ContentCheck.SignedDigits, characters))
                return false;
            target[0] = characters[0];
            return Content.PackNibbles(characters[1..], 0, filler: 0, target[1..]);
        }

        if (plan.Class == CharacterClass.N && !Content.AreDigits(characters))
            return false;
        int units = plan.Length == LengthEncoding.Fixed ? plan.UnitsMax : characters.Length;
        int first = MessageView.FirstNibble(in plan, units) + units - characters.Length;
        byte filler = plan.Pad == NibblePad.RightF && units == characters.Length ? (byte)0xF : (byte)0;
        return Content.PackNibbles(characters, first, filler, target);
    }

    /// <summary>Makes room for an element of so many units and writes its length.</summary>
    private bool TryReserve(int dataElement, int units, bool isExact, out Span<byte> target, out ElementPlan plan)
    {
        target = default;
        plan = PlanOf(dataElement);
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
        WriteLength(in plan, units, target[..plan.LengthBytes]);
        target = target[plan.LengthBytes..];
        return true;
    }

    /// <summary>Opens a gap of so many bytes where the element belongs, and marks it present.</summary>
    private bool TryOpen(int dataElement, int bytes, out Span<byte> target)
    {
        target = default;
        bool isUpper = dataElement > 64;
        ulong bit = SecondBitmap >> ((dataElement - 1) & 63);
        if (((isUpper ? _secondary : _primary) & bit) != 0)
            return Fail(dataElement, WriteStatus.DuplicateElement);
        int bitmap = isUpper && _secondary == 0 ? _dialect.BitmapBytes : 0;
        if (_buffer.Length - _length < bytes + bitmap)
            return Fail(dataElement, WriteStatus.BufferTooShort);
        if (bitmap != 0)
        {
            _buffer[HeaderLength.._length].CopyTo(_buffer[(HeaderLength + bitmap)..]);
            _length += bitmap;
        }

        if (isUpper)
            _secondary |= bit;
        else
            _primary |= bit;
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

    /// <summary>Where an element below the last one belongs: behind all that are written and stand before it.</summary>
    private readonly int PositionOf(int dataElement)
    {
        int position = HeaderLength + (_secondary != 0 ? _dialect.BitmapBytes : 0);
        for (int element = 2; element < dataElement; element++)
        {
            ulong bits = element > 64 ? _secondary : _primary;
            if ((bits & (SecondBitmap >> ((element - 1) & 63))) == 0)
                continue;
            ref readonly var plan = ref _dialect.Plans[element];
            position += plan.Length == LengthEncoding.Fixed
                ? plan.BytesMax
                : plan.LengthBytes + plan.BytesOf(ElementReader.ReadLength(in plan, _buffer.Slice(position, plan.LengthBytes)));
        }

        return position;
    }

    private static void WriteLength(in ElementPlan plan, int units, Span<byte> target)
    {
        for (int index = target.Length - 1; index >= 0; index--)
        {
            switch (plan.Length)
            {
                case LengthEncoding.Ascii:
                    target[index] = (byte)('0' + units % 10);
                    units /= 10;
                    break;
                case LengthEncoding.Bcd:
                    target[index] = (byte)((units / 10 % 10 << 4) | units % 10);
                    units /= 100;
                    break;
                default:
                    target[index] = (byte)units;
                    units >>= 8;
                    break;
            }
        }
    }

    private readonly void WriteBitmap(int position, ulong bitmap)
    {
        if (_dialect.BitmapEncoding == ContentEncoding.Binary)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_buffer[position..], bitmap);
            return;
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, bitmap);
        Content.ToHex(bytes, _buffer.Slice(position, 16));
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
