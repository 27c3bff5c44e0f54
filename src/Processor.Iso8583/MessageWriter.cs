using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Processor.Iso8583;

// MTI bitmap [second bitmap] element...
/// <summary>
/// Writes one message into a buffer that the caller owns. Elements may be set in any order; in ascending order each
/// is written where it belongs, otherwise those above it are moved. The first failure sticks: what follows does
/// nothing, and <see cref="TryFinish"/> answers false. Allocates nothing and throws nothing.
/// </summary>
public ref partial struct MessageWriter
{
    private const ulong HighestBit = 1UL << 63;
    private const int StackMax = 1024;

    private readonly Span<byte> _buffer;
    private readonly Dialect _dialect;
    private readonly int _room;
    private ulong _primary;
    private ulong _secondary;
    private ulong _third;
    private int _start;
    private int _length;
    private int _last;
    private int _bitmapCount;
    private int _announced;

    /// <param name="buffer">Where the message goes, from its first byte; leave the frame's own length out.</param>
    /// <param name="dialect">How it is written.</param>
    public MessageWriter(Span<byte> buffer, Dialect dialect)
    {
        _buffer = buffer;
        _dialect = dialect;
        _room = buffer.Length - (dialect.Trailer?.BytesMin ?? 0);
        Status = WriteStatus.NotBegun;
    }

    /// <summary>The first failure, or <see cref="WriteStatus.Written"/>.</summary>
    public WriteStatus Status { get; private set; }

    /// <summary>The element that failed; 0 when none did.</summary>
    public int FailedElement { get; private set; }

    /// <summary>Starts a message; what was written before into the buffer is given up. A header has the dialect's own values.</summary>
    public void Begin(Mti mti)
    {
        if (_dialect.Header is null && _dialect.Trailer is null)
            Begin(mti, 0, 0);
        else
            Begin(mti, default, default, 0, isReply: false);
    }

    /// <summary>
    /// Starts the reply to a request of the same dialect: with its header, source and destination exchanged, its
    /// trailer, and the response to its MTI.
    /// </summary>
    public void BeginReply(in MessageView request)
    {
        if (_dialect.Header is null && _dialect.Trailer is null)
            Begin(request.Mti.ToResponse(), 0, 0);
        else
            Begin(in request, request.Mti.ToResponse(), isReply: true);
    }

    /// <summary>Starts a message with the header, the trailer and at least the bitmaps of another of the same dialect.</summary>
    public void BeginLike(in MessageView original, Mti mti) => Begin(in original, mti, isReply: false);

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
        ref readonly var plan = ref PlanOf(dataElement);
        if (!TryReserve(in plan, dataElement, bytes.Length, isExact: true, out var target))
            return false;
        if (plan.Class != CharacterClass.B)
            return Fail(dataElement, WriteStatus.BadCharacter);
        if (plan.IsHex)
            ContentWriter.WriteHex(bytes, plan.CodePage, target);
        else
            bytes.CopyTo(target);
        return true;
    }

    /// <summary>
    /// Sets an element from content as this dialect has it on the wire, without the written length. An odd number
    /// of BCD digits cannot be told from bytes: use <see cref="SetDigits"/> or <see cref="CopyFrom(in MessageView, int)"/> there.
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
                ContentEncoding.Hex or ContentEncoding.HexEbcdic => content.Length / 2,
                _ => content.Length,
            };
        }

        if (plan.IsDefined && plan.BytesOf(units) != content.Length)
            return Fail(dataElement, WriteStatus.WrongLength);
        if (!Content.Passes(plan.Check, content))
            return Fail(dataElement, WriteStatus.BadCharacter);
        if (!TryReserve(in plan, dataElement, units, isExact: true, out var target))
            return false;
        content.CopyTo(target);
        return true;
    }

    /// <summary>Sets an element from its parts.</summary>
    /// <param name="parts">Put together for an element of this dialect.</param>
    public bool SetParts(scoped PartWriter parts)
    {
        if (Status != WriteStatus.Written)
            return false;
        if (!parts.TryFinish(out var content, out var status))
            return Fail(parts.DataElement, status);
        if (!_dialect.HasDecodedParts(parts.DataElement))
            return SetRaw(parts.DataElement, content);
        return PlanOf(parts.DataElement).Class == CharacterClass.B
            ? SetBinary(parts.DataElement, content)
            : SetText(parts.DataElement, content);
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
            var bytes = source.PresentWithLength(dataElement);
            if (dataElement <= _last || dataElement > 64 || bytes.Length > _room - _length)
                return CopyOutOfOrder(dataElement, bytes);
            bytes.CopyTo(_buffer[_length..]);
            _primary |= HighestBit >> (dataElement - 1);
            _last = dataElement;
            _length += bytes.Length;
            return true;
        }

        int units = source.Length(dataElement);
        byte[]? rented = units > StackMax ? ArrayPool<byte>.Shared.Rent(units) : null;
        Span<byte> content = rented ?? stackalloc byte[StackMax];
        bool isSet = source.TryGetBinary(dataElement, content, out int length)
            ? SetBinary(dataElement, content[..length])
            : source.TryGetText(dataElement, content, out length) && SetText(dataElement, content[..length]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return isSet;
    }

    /// <summary>
    /// Echoes those elements of a request that it has, as <see cref="CopyFrom(in MessageView, int)"/> does each; neighbours
    /// in the request are copied together.
    /// </summary>
    public bool CopyFrom(in MessageView source, in ElementSet elements)
    {
        if (Status != WriteStatus.Written)
            return false;
        var layout = source.Layout;
        ulong wanted = layout.Primary & elements.First;
        bool isBytewise = ReferenceEquals(source.Dialect, _dialect) && BitOperations.LeadingZeroCount(wanted) >= _last;
        if (isBytewise && !TryCopyRuns(in source, wanted, layout.Primary & ~wanted))
            return false;
        bool isDone = isBytewise && ((layout.Secondary & elements.Second) | (layout.Third & elements.Third)) == 0;
        return isDone || TryCopyEach(in source, in elements, isBytewise ? 64 : 0);
    }

    /// <summary>Writes the bitmaps, and the lengths that a header has.</summary>
    /// <param name="length">Bytes of the whole message from the start of the buffer; 0 after a failure.</param>
    /// <returns>False when any step failed; <see cref="Status"/> and <see cref="FailedElement"/> say which.</returns>
    public bool TryFinish(out int length)
    {
        length = 0;
        if (Status != WriteStatus.Written)
            return false;
        if (_dialect.IsPlain && _announced <= 1)
            WritePlainBitmaps();
        else
            WriteBitmaps();
        if (_dialect.Trailer is { } trailer)
        {
            _buffer[_room..].CopyTo(_buffer[_length..]);
            _length += trailer.BytesMin;
        }

        _dialect.Header?.Finish(_buffer[.._length]);
        length = _length;
        return true;
    }

    /// <summary>Finishes with room for an authentication code behind the last element: DE 128 when there is a second bitmap, else DE 64.</summary>
    /// <param name="length">As <see cref="TryFinish"/> has it.</param>
    /// <param name="place">Where the code is to be written, by <see cref="MacPlace.Write"/>, once it has been computed over what stands there.</param>
    /// <returns>False when any step failed, when an element stands behind the code's, or when <see cref="Dialect.MacLength"/> is 0.</returns>
    public bool TryFinishWithMac(out int length, out MacPlace place)
    {
        length = 0;
        place = default;
        int element = _secondary != 0 || _announced > 1 ? 128 : 64;
        if (Status == WriteStatus.Written && (_third != 0 || _dialect.MacLength == 0))
            return Fail(element, WriteStatus.UnknownElement);
        if (!TryReserve(in PlanOf(element), element, _dialect.MacLength, isExact: true, out var target))
            return false;
        target.Clear();
        place = new(_dialect, element, _start, _length - target.Length);
        return TryFinish(out length);
    }

    /// <summary>Starts a message with a header and a trailer of its own, and at least so many bitmaps.</summary>
    /// <param name="mti">Not written where the dialect has no MTI.</param>
    /// <param name="header">As on the wire; empty for the dialect's own values.</param>
    /// <param name="trailer">As on the wire; empty for the dialect's own values.</param>
    /// <param name="bitmaps">1 to 3; bitmaps beyond those that the elements need stay empty.</param>
    public void Begin(Mti mti, scoped ReadOnlySpan<byte> header, scoped ReadOnlySpan<byte> trailer, int bitmaps) =>
        Begin(mti, header, trailer, bitmaps, isReply: false);

    private void Begin(in MessageView original, Mti mti, bool isReply) =>
        Begin(mti, original.Header, original.Trailer, isReply ? 0 : original.Layout.BitmapCount, isReply);

    private void Begin(Mti mti, scoped ReadOnlySpan<byte> header, scoped ReadOnlySpan<byte> trailer, int bitmaps, bool isReply)
    {
        bool isGiven = header.Length >= (_dialect.Header?.BytesMin ?? 1);
        Begin(mti, isGiven ? header.Length : _dialect.Header?.BytesMin ?? 0, bitmaps);
        if (Status != WriteStatus.Written)
            return;
        if (isGiven)
            _dialect.Header?.Write(_buffer, header, isReply);
        else
            _dialect.Header?.Write(_buffer);
        if (_dialect.Trailer is not { } rule)
            return;
        if (trailer.Length == rule.BytesMin)
            trailer.CopyTo(_buffer[_room..]);
        else
            rule.Write(_buffer[_room..]);
    }

    private void Begin(Mti mti, int headerLength, int announced)
    {
        var rule = _dialect.Bitmaps;
        _primary = 0;
        _secondary = 0;
        _third = 0;
        _last = 1;
        FailedElement = 0;
        _announced = announced;
        _bitmapCount = rule.IsFixed ? rule.CountMax : Math.Clamp(announced, 1, rule.IsThirdInPlace ? 2 : rule.CountMax);
        _start = headerLength;
        _length = _dialect.IsPlain && _bitmapCount == 1 ? _dialect.PlainStart : ElementsStart();
        Status = _room < _length ? WriteStatus.BufferTooShort : WriteStatus.Written;
        if (Status != WriteStatus.Written || _dialect.MtiBytes == 0)
            return;
        if (_dialect.MtiEncoding == ContentEncoding.Bcd)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[_start..], mti.Value);
            return;
        }

        int zero = _dialect.MtiEncoding == ContentEncoding.Ascii ? '0' : 0xF0;
        for (int index = 0; index < 4; index++)
            _buffer[_start + index] = (byte)(zero + ((mti.Value >> (12 - 4 * index)) & 0xF));
    }
}
