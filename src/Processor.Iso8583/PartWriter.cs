using System.Globalization;

namespace Processor.Iso8583;

/// <summary>
/// Puts together the parts of an element, or of a part: positional, TLV, BER-TLV, bitmapped, datasets, as the dialect says.
/// <see cref="MessageWriter.SetParts"/> or <see cref="SetParts"/> then writes them. The first failure sticks, as in a
/// <see cref="MessageWriter"/>. Allocates nothing and throws nothing.
/// </summary>
public ref struct PartWriter
{
    private readonly Span<byte> _room;
    private readonly PartsRule? _rule;
    private readonly PartsMode _start;
    private PartsMode _mode;
    private PartBits _bits;
    private int _length;
    private int _index;
    private bool _isShort;

    /// <param name="room">Where the parts are put together; the caller's, and free again once they have been set.</param>
    /// <param name="dialect">How they are written.</param>
    /// <param name="dataElement">The element that they make; one without parts fails with <see cref="WriteStatus.UnknownElement"/>.</param>
    public PartWriter(Span<byte> room, Dialect dialect, int dataElement)
        : this(room, dialect[dataElement]?.Parts, PartsMode.Start) => DataElement = dataElement;

    /// <param name="room">As above.</param>
    /// <param name="outer">The parts among which the part is that they make.</param>
    /// <param name="key">That part, as in the dialect; of datasets the identifier as two hexadecimal digits.</param>
    public PartWriter(Span<byte> room, scoped PartWriter outer, string key)
        : this(room, RuleOf(outer, key, out var start), start) => DataElement = outer.DataElement;

    private PartWriter(Span<byte> room, PartsRule? rule, PartsMode start)
    {
        _room = room;
        _rule = rule;
        _start = start;
        _mode = start;
        Status = rule is null ? WriteStatus.UnknownElement : WriteStatus.Written;
        if (Status == WriteStatus.Written && start == PartsMode.Start && rule!.Prefix.IsEmpty)
            BeginMain();
    }

    /// <summary>The first failure, or <see cref="WriteStatus.Written"/>.</summary>
    public WriteStatus Status { get; private set; }

    /// <summary>The key of the part that failed; null when none did.</summary>
    public string? FailedPart { get; private set; }

    /// <summary>The element that the parts make.</summary>
    public int DataElement { get; }

    /// <summary>Sets a part of text or digits, given as ASCII. A fixed one is filled as an element is.</summary>
    /// <param name="key">As in the dialect; of a TLV also a tag that the dialect does not name.</param>
    /// <param name="ascii">Its content as it reads.</param>
    public bool SetText(string key, scoped ReadOnlySpan<byte> ascii) => Set(key, ascii, isBinary: false);

    /// <summary>Sets a part of bytes.</summary>
    public bool SetBinary(string key, scoped ReadOnlySpan<byte> bytes) => Set(key, bytes, isBinary: true);

    /// <summary>Sets a data object of BER-TLV.</summary>
    /// <param name="tag">Big-endian: <c>0x9F26</c>.</param>
    /// <param name="bytes">Its value.</param>
    public bool SetBinary(int tag, scoped ReadOnlySpan<byte> bytes)
    {
        Span<byte> wire = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(wire, tag);
        wire = wire.TrimStart((byte)0);
        if (Status != WriteStatus.Written)
            return false;
        if (_mode != PartsMode.BerTlv && !TryEnterTags())
            return Fail("", WriteStatus.UnknownElement);
        return AddObject("", wire, _rule!.Kind == PartsKind.BerTlv ? _rule.Find(wire) : null, bytes, isBinary: true);
    }

    /// <summary>Sets a part that has parts of its own.</summary>
    public bool SetParts(string key, scoped PartWriter parts)
    {
        if (Status != WriteStatus.Written)
            return false;
        if (!parts.TryFinish(out var content, out var status))
            return Fail(parts.FailedPart ?? key, status);
        return Set(key, content, isBinary: true, isWhole: true);
    }

    /// <summary>Whether the part of a key holds bytes rather than text.</summary>
    internal readonly bool IsBinary(string key)
    {
        if (_rule is null)
            return false;
        if (_mode == PartsMode.Start && _index < _rule.Prefix.Length)
            return _rule.Prefix[_index].PlanRef.Class == CharacterClass.B;
        bool isTagged = _start != PartsMode.Start || _rule.Kind == PartsKind.Datasets;
        return PartTag.ItemOf(_rule, key) is { } item && !isTagged
            ? item.PlanRef.Class == CharacterClass.B
            : isTagged || _rule.Kind != PartsKind.Tlv || _rule.ValuePlanRef.Class == CharacterClass.B;
    }

    /// <summary>The content that the parts make, in the room; empty after a failure.</summary>
    internal readonly bool TryFinish(out ReadOnlySpan<byte> content, out WriteStatus status)
    {
        content = default;
        status = Status;
        if (status != WriteStatus.Written)
            return false;
        bool isComplete = _rule!.Kind == PartsKind.Positional
            ? _index == _rule.Items.Length || _rule.IsShortAllowed
            : _mode is not (PartsMode.Prefix or PartsMode.Start) || _index == _rule.Prefix.Length;
        if (!isComplete || (_mode == PartsMode.Start && _rule.Kind == PartsKind.Bitmap))
        {
            status = WriteStatus.MissingPart;
            return false;
        }

        int length = _length;
        bool isWritten = _mode != PartsMode.Bitmap && _start != PartsMode.DatasetBitmap
            || (_start == PartsMode.DatasetBitmap
                ? _bits.TryWriteUnits(_room, ref length, hasTail: _mode == PartsMode.BerTlv)
                : _bits.TryWrite(_rule, _room));
        if (!isWritten)
            status = WriteStatus.BufferTooShort;
        content = isWritten ? _room[..length] : default;
        return isWritten;
    }

    private void BeginMain()
    {
        _index = 0;
        _mode = _rule!.Kind switch
        {
            PartsKind.Positional => PartsMode.Positional,
            PartsKind.Tlv => PartsMode.Tlv,
            PartsKind.BerTlv => PartsMode.BerTlv,
            PartsKind.Bitmap => PartsMode.Bitmap,
            _ => PartsMode.Datasets,
        };
        if (_mode != PartsMode.Bitmap)
            return;
        int bytes = PartBits.BytesBefore(_rule);
        if (TryTake("", bytes, out var target))
            target.Clear();
    }

    private bool Set(string key, scoped ReadOnlySpan<byte> value, bool isBinary, bool isWhole = false)
    {
        if (Status != WriteStatus.Written)
            return false;
        if (_mode == PartsMode.Start)
        {
            if (_index < _rule!.Prefix.Length)
                return SetNext(key, _rule.Prefix[_index], value, isBinary, isWhole);
            BeginMain();
            if (Status != WriteStatus.Written)
                return false;
        }

        switch (_mode)
        {
            case PartsMode.Positional:
                return _index < _rule!.Items.Length
                    ? SetNext(key, _rule.Items[_index], value, isBinary, isWhole)
                    : Fail(key, WriteStatus.UnknownElement);
            case PartsMode.Bitmap:
                return SetBit(key, value, isBinary, isWhole);
            case PartsMode.DatasetBitmap when _bits.IsNext(key) && value.Length == _rule!.BitmappedBytes:
                return TryTake(key, value.Length, out var target) && Copied(value, target) && _bits.Add(key);
        }

        Span<byte> tag = stackalloc byte[8];
        var item = PartTag.ItemOf(_rule!, key);
        if (!PartTag.TryRead(_rule!, _mode, item, key, ref tag))
            return Fail(key, WriteStatus.UnknownElement);
        if (_mode == PartsMode.DatasetBitmap)
            _mode = PartsMode.BerTlv;
        return AddObject(key, tag, item, value, isBinary || isWhole, isWhole);
    }

    private bool TryEnterTags()
    {
        if (_mode == PartsMode.Start && _index == _rule!.Prefix.Length)
            BeginMain();
        else if (_mode == PartsMode.DatasetBitmap)
            _mode = PartsMode.BerTlv;
        return _mode == PartsMode.BerTlv;
    }

    private bool SetNext(string key, PartRule item, scoped ReadOnlySpan<byte> value, bool isBinary, bool isWhole)
    {
        if (item.Key != key)
            return Fail(key, WriteStatus.MissingPart);
        if (_isShort)
            return Fail(key, WriteStatus.WrongLength);
        _index++;
        return WriteItem(key, item, value, isBinary, isWhole);
    }

    private bool SetBit(string key, scoped ReadOnlySpan<byte> value, bool isBinary, bool isWhole)
    {
        if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || _rule!.Find(number) is not { } item)
            return Fail(key, WriteStatus.UnknownElement);
        if (!_bits.IsNext(key))
            return Fail(key, WriteStatus.MissingPart);
        return WriteItem(key, item, value, isBinary, isWhole) && _bits.Add(key);
    }

    /// <summary>Writes a part that has a format of its own, with its length when that varies.</summary>
    private bool WriteItem(string key, PartRule item, scoped ReadOnlySpan<byte> value, bool isBinary, bool isWhole)
    {
        ref readonly var plan = ref item.PlanRef;
        int units = isWhole ? plan.UnitsOfBytes(value.Length) : value.Length;
        if (units > plan.UnitsMax)
            return Fail(key, WriteStatus.TooLong);
        bool isFixed = plan.Length == LengthEncoding.Fixed;
        bool isText = !isBinary && !isWhole;
        _isShort = _rule!.IsShortAllowed && isFixed && units < plan.UnitsMax && plan.Encoding != ContentEncoding.Bcd;
        if (!isText && isFixed && units != plan.UnitsMax && !_isShort)
            return Fail(key, WriteStatus.WrongLength);
        int bytes = _isShort || !isFixed ? plan.BytesOf(units) : plan.BytesMax;
        int prefix = isFixed ? 0 : plan.LengthBytes;
        if (!TryTake(key, prefix + bytes, out var target))
            return false;
        if (!isFixed)
            ContentWriter.WriteLength(in plan, plan.LengthOf(units, bytes), target[..prefix]);
        target = target[prefix..];
        bool isWritten = isWhole ? Copied(value, target) && Content.Passes(plan.Check, value) : ContentWriter.TryWrite(in plan, value, isBinary, target);
        return isWritten || Fail(key, WriteStatus.BadCharacter);
    }

    /// <summary>Writes a tag, its length and its value.</summary>
    private bool AddObject(string key, scoped ReadOnlySpan<byte> tag, PartRule? item, scoped ReadOnlySpan<byte> value, bool isBinary, bool isWhole = false)
    {
        bool isTlv = _mode == PartsMode.Tlv;
        ref readonly var plan = ref (item is not null ? ref item.PlanRef : ref isTlv ? ref _rule!.ValuePlanRef : ref PartsRule.BinaryPlan);
        int units = isWhole ? plan.UnitsOfBytes(value.Length) : value.Length;
        int bytes = isWhole ? value.Length : plan.BytesOf(units);
        if (units > plan.UnitsMax)
            return Fail(key, WriteStatus.TooLong);
        if (!PartTag.TryMeasure(_rule!, _mode, bytes, out int lengthBytes))
            return Fail(key, WriteStatus.TooLong);
        if (!TryTake(key, tag.Length + lengthBytes + bytes, out var target))
            return false;
        PartTag.Write(_rule!, _mode, tag, bytes, target[..(tag.Length + lengthBytes)]);
        target = target[(tag.Length + lengthBytes)..];
        bool isWritten = isWhole
            ? Copied(value, target) && Content.Passes(plan.Check, value)
            : plan.Encoding == ContentEncoding.Bcd ? !isBinary && ContentWriter.WriteTagged(in plan, value, target) : ContentWriter.TryWrite(in plan, value, isBinary, target);
        return isWritten || Fail(key, WriteStatus.BadCharacter);
    }

    private bool TryTake(string key, int bytes, out Span<byte> target)
    {
        target = default;
        if (_room.Length - _length < bytes)
            return Fail(key, WriteStatus.BufferTooShort);
        target = _room.Slice(_length, bytes);
        _length += bytes;
        return true;
    }

    private static bool Copied(scoped ReadOnlySpan<byte> value, scoped Span<byte> target)
    {
        value.CopyTo(target);
        return true;
    }

    private static PartsRule? RuleOf(scoped PartWriter outer, string key, out PartsMode start)
    {
        start = PartsMode.Start;
        if (outer._rule is not { } rule)
            return null;
        foreach (var item in rule.Prefix)
        {
            if (item.Key == key)
                return item.Rule.Parts;
        }

        if (PartTag.ItemOf(rule, key)?.Rule.Parts is { } parts)
            return parts;
        Span<byte> id = stackalloc byte[8];
        if (rule.Kind != PartsKind.Datasets || outer._start != PartsMode.Start || !PartTag.TryRead(rule, PartsMode.Datasets, null, key, ref id))
            return null;
        start = rule.BitmappedIds.Contains(id[0]) ? PartsMode.DatasetBitmap : PartsMode.BerTlv;
        return rule;
    }

    private bool Fail(string key, WriteStatus status)
    {
        if (Status == WriteStatus.Written)
        {
            Status = status;
            FailedPart = key;
        }

        return false;
    }
}
