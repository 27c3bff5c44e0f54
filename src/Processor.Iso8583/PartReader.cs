using System.Buffers.Binary;
using System.Numerics;

namespace Processor.Iso8583;

/// <summary>
/// Walks the parts of an element in place: <c>while (reader.Read(out var part))</c>. Allocates nothing while all is
/// well, throws nothing, and never reads outside the element; after <see cref="Read"/> answered false,
/// <see cref="Error"/> says whether that was the end.
/// </summary>
public ref struct PartReader
{
    private const ulong HighestBit = 1UL << 63;

    private readonly PartsRule? _rule;
    private readonly ReadOnlySpan<byte> _content;
    private readonly string _path;
    private readonly int _origin;
    private readonly int _scale;
    private PartsMode _mode;
    private int _position;
    private int _index;
    private bool _hasTail;
    private ulong _bits0;
    private ulong _bits1;
    private ulong _bits2;

    /// <param name="rule">What the parts are.</param>
    /// <param name="content">The content that holds them.</param>
    /// <param name="path">The keys down to the content; empty for an element.</param>
    /// <param name="origin">Where the content starts in the frame.</param>
    /// <param name="scale">Frame bytes for each byte of content: 2 when it was hexadecimal text.</param>
    /// <param name="mode">Where reading starts.</param>
    internal PartReader(PartsRule rule, ReadOnlySpan<byte> content, string path, int origin, int scale, PartsMode mode)
    {
        _rule = rule;
        _content = content;
        _path = path;
        _origin = origin;
        _scale = scale;
        _mode = mode;
    }

    /// <summary>Why reading stopped before the end; <see cref="ParseReason.None"/> when it did not.</summary>
    public ParseError Error { get; private set; }

    /// <summary>The next part; false at the end and at the first that cannot be read.</summary>
    public bool Read(out Part part)
    {
        part = default;
        if (_rule is null || Error.Reason != ParseReason.None)
            return false;
        if (_mode == PartsMode.Start && !Begin())
            return false;
        return _mode switch
        {
            PartsMode.Prefix => ReadPrefix(out part),
            PartsMode.Positional => ReadPositional(out part),
            PartsMode.Tlv => ReadTlv(out part),
            PartsMode.BerTlv => ReadBerTlv(out part),
            PartsMode.Datasets => ReadDataset(out part),
            _ => ReadNextBit(out part),
        };
    }

    private bool Begin()
    {
        if (_rule!.Prefix.Length > 0)
        {
            _mode = PartsMode.Prefix;
            return true;
        }

        _mode = MainMode();
        return _mode != PartsMode.Bitmap || ReadBitmap();
    }

    private readonly PartsMode MainMode() => _rule!.Kind switch
    {
        PartsKind.Positional => PartsMode.Positional,
        PartsKind.Tlv => PartsMode.Tlv,
        PartsKind.BerTlv => PartsMode.BerTlv,
        PartsKind.Bitmap => PartsMode.Bitmap,
        _ => PartsMode.Datasets,
    };

    private bool ReadPrefix(out Part part)
    {
        if (_index < _rule!.Prefix.Length)
            return ReadItem(_rule.Prefix[_index++], out part);
        _mode = MainMode();
        if (_mode == PartsMode.Bitmap && !ReadBitmap())
        {
            part = default;
            return false;
        }

        return Read(out part);
    }

    private bool ReadPositional(out Part part)
    {
        part = default;
        int left = _content.Length - _position;
        if (_index == _rule!.Items.Length)
            return AtEnd();
        if (_rule.IsShortAllowed && left == 0)
            return false;
        var item = _rule.Items[_index++];
        ref readonly var plan = ref item.PlanRef;
        if (_rule.IsShortAllowed && plan.Length == LengthEncoding.Fixed && left < plan.BytesMax)
            return TakeValue(item, in plan, default, left, _position, out part);
        return ReadItem(item, out part);
    }

    private bool ReadItem(PartRule item, out Part part)
    {
        part = default;
        var error = ElementReader.Read(in item.PlanRef, 0, _content, ref _position, out var slot);
        if (error.Reason != ParseReason.None)
            return Fail(error, item.Path);
        part = Make(item, in item.PlanRef, default, slot, item.Number);
        return true;
    }

    private bool ReadTlv(out Part part)
    {
        part = default;
        if (_position == _content.Length)
            return false;
        int start = _position;
        int tagAt = _rule!.IsLengthFirst ? start + _rule.LengthBytes : start;
        int lengthAt = _rule.IsLengthFirst ? start : start + _rule.TagBytes;
        int valueAt = start + _rule.TagBytes + _rule.LengthBytes;
        if (valueAt > _content.Length)
            return Fail(new(ParseReason.BadTlv, 0, start, _content.Length - start, 0), part: null);
        var tag = _content.Slice(tagAt, _rule.TagBytes);
        int length = ElementReader.ReadLength(_rule.LengthEncoding, _content.Slice(lengthAt, _rule.LengthBytes));
        length = length < 0 ? -1 : length - _rule.LengthIncludes;
        if (length < 0 || length > _content.Length - valueAt)
            return Fail(new(ParseReason.BadTlv, 0, start, length, _content.Length - valueAt), part: null);
        var item = _rule.Find(tag);
        ref readonly var plan = ref (item is null ? ref _rule.ValuePlanRef : ref item.PlanRef);
        return TakeValue(item, in plan, tag, length, valueAt, out part);
    }

    private bool ReadBerTlv(out Part part)
    {
        part = default;
        // EMV book 3, annex B1: bytes 00 before, between and after objects mean nothing.
        while (_position < _content.Length && _content[_position] == 0)
            _position++;
        if (_position == _content.Length)
            return false;
        int start = _position;
        if (!BerTlv.TryRead(_content, start, out int tagBytes, out int valueAt, out int length))
            return Fail(new(ParseReason.BadTlv, 0, start, _content.Length - start, 0), part: null);
        var tag = _content.Slice(start, tagBytes);
        var item = _rule!.Kind == PartsKind.BerTlv ? _rule.Find(tag) : null;
        ref readonly var plan = ref (item is null ? ref PartsRule.BinaryPlan : ref item.PlanRef);
        return TakeValue(item, in plan, tag, length, valueAt, out part);
    }

    private bool ReadDataset(out Part part)
    {
        part = default;
        if (_position == _content.Length)
            return false;
        int start = _position;
        int left = _content.Length - start;
        int length = left < 3 ? -1 : BinaryPrimitives.ReadUInt16BigEndian(_content[(start + 1)..]);
        if (left < 3 || length > left - 3)
            return Fail(new(ParseReason.BadTlv, 0, start, length, Math.Max(left - 3, 0)), part: null);
        var id = _content.Slice(start, 1);
        var item = _rule!.Find(id);
        ref readonly var plan = ref (item is null ? ref PartsRule.BinaryPlan : ref item.PlanRef);
        return TakeValue(item, in plan, id, length, start + 3, out part);
    }

    /// <summary>A value whose length is known, with its characters checked.</summary>
    private bool TakeValue(
        PartRule? item, in ElementPlan plan, ReadOnlySpan<byte> tag, int bytes, int valueAt, out Part part)
    {
        part = default;
        int units = plan.IsHex ? bytes >> 1 : plan.Encoding == ContentEncoding.Bcd ? bytes << 1 : bytes;
        if (plan.IsHex && (bytes & 1) != 0)
            return Fail(new(ParseReason.BadLength, 0, _position, bytes, 0), item?.Path);
        if (units > plan.UnitsMax + (units & 1))
            return Fail(new(ParseReason.LengthOverMax, 0, _position, units, plan.UnitsMax), item?.Path);
        if (plan.Encoding == ContentEncoding.Bcd && units == plan.UnitsMax + 1)
            units--;
        int bad = ElementReader.FirstBad(in plan, _content.Slice(valueAt, bytes), ref units);
        if (bad >= 0)
            return Fail(new(ParseReason.BadCharacter, 0, valueAt + bad, bad, 0), item?.Path ?? KeyPath(tag));
        part = Make(item, in plan, tag, new ElementSlot(valueAt, bytes, units), 0);
        _position = valueAt + bytes;
        return true;
    }

    // header(n) bitmap(n, twice as many as text) part...
    private bool ReadBitmap()
    {
        bool isBinary = _rule!.BitmapEncoding == ContentEncoding.Binary;
        int bytes = isBinary ? _rule.BitmapBytes : 2 * _rule.BitmapBytes;
        int left = _content.Length - _rule.HeaderBytes;
        if (left < bytes)
            return Fail(new(ParseReason.TruncatedBitmap, 0, Math.Min(_rule.HeaderBytes, _content.Length), Math.Max(left, 0), bytes), NullIfEmpty(_path));
        var wire = _content.Slice(_rule.HeaderBytes, bytes);
        Span<byte> bitmap = stackalloc byte[24];
        bitmap.Clear();
        var check = _rule.BitmapEncoding == ContentEncoding.Hex ? ContentCheck.HexDigits : ContentCheck.EbcdicHexDigits;
        if (isBinary)
            wire.CopyTo(bitmap);
        else if (!Content.FromHex(check, wire, bitmap))
            return Fail(new(ParseReason.BadBitmap, 0, _rule.HeaderBytes, 0, 0), NullIfEmpty(_path));
        SetBits(bitmap);
        _position = _rule.HeaderBytes + bytes;
        return true;
    }

    // 16-bit units: bit 0 says that another follows, the last bit of the last that BER-TLV follows the parts.
    private bool ReadDatasetBitmap()
    {
        Span<byte> bitmap = stackalloc byte[24];
        bitmap.Clear();
        bool hasMore = true;
        int length = 0;
        while (hasMore)
        {
            if (_content.Length - length < 2 || length == bitmap.Length)
                return Fail(new(ParseReason.TruncatedBitmap, 0, length, _content.Length - length, 2), NullIfEmpty(_path));
            _content.Slice(length, 2).CopyTo(bitmap[length..]);
            hasMore = (bitmap[length] & 0x80) != 0;
            bitmap[length] &= 0x7F;
            length += 2;
        }

        _hasTail = (bitmap[length - 1] & 1) != 0;
        bitmap[length - 1] &= 0xFE;
        SetBits(bitmap);
        _position = length;
        _mode = PartsMode.DatasetBits;
        return true;
    }

    private void SetBits(scoped ReadOnlySpan<byte> bitmap)
    {
        _bits0 = BinaryPrimitives.ReadUInt64BigEndian(bitmap);
        _bits1 = BinaryPrimitives.ReadUInt64BigEndian(bitmap[8..]);
        _bits2 = BinaryPrimitives.ReadUInt64BigEndian(bitmap[16..]);
    }

    private bool ReadNextBit(out Part part)
    {
        part = default;
        if (_mode == PartsMode.DatasetBitmap && !ReadDatasetBitmap())
            return false;
        bool isDataset = _mode == PartsMode.DatasetBits;
        ref ulong bits = ref _bits0;
        int origin = 0;
        if (_bits0 == 0)
        {
            bits = ref (_bits1 != 0 ? ref _bits1 : ref _bits2);
            origin = _bits1 != 0 ? 64 : 128;
        }

        if (bits == 0)
        {
            if (!_hasTail)
                return AtEnd();
            _mode = PartsMode.BerTlv;
            return ReadBerTlv(out part);
        }

        int index = BitOperations.LeadingZeroCount(bits);
        bits ^= HighestBit >> index;
        // Bits of a dataset count from 0, because bit 0 is the one that announces; those of a message count from 1.
        int number = origin + index + (isDataset ? 0 : 1);
        if (isDataset)
        {
            ref readonly var plan = ref PartsRule.BinaryPlan;
            int bytes = _rule!.BitmappedBytes;
            if (_content.Length - _position < bytes)
                return Fail(new(ParseReason.TruncatedField, 0, _position, _content.Length - _position, bytes), KeyPath(number));
            part = Make(null, in plan, default, new ElementSlot(_position, bytes, bytes), number);
            _position += bytes;
            return true;
        }

        return _rule!.Find(number) is { } item
            ? ReadItem(item, out part)
            : Fail(new(ParseReason.UnknownField, 0, _position, 0, 0), KeyPath(number));
    }

    private bool AtEnd()
    {
        int left = _content.Length - _position;
        return left != 0 && Fail(new(ParseReason.TrailingData, 0, _position, left, 0), NullIfEmpty(_path));
    }

    // The objects inside a dataset are no datasets.
    private readonly PartsRule Container => _mode == PartsMode.BerTlv ? PartsRule.ChipData : _rule!;

    private readonly Part Make(PartRule? item, in ElementPlan plan, ReadOnlySpan<byte> tag, ElementSlot slot, int number) =>
        new(Container, item, in plan, tag, _content.Slice(slot.Offset, slot.Bytes), slot.Units, number, _origin + slot.Offset * _scale, _path);

    private bool Fail(ParseError error, string? part)
    {
        Error = error with { Offset = _origin + error.Offset * _scale, Part = part ?? NullIfEmpty(_path), ContainerOffset = _origin };
        return false;
    }

    private static string? NullIfEmpty(string path) => path.Length == 0 ? null : path;

    private readonly string KeyPath(ReadOnlySpan<byte> tag) => Join(Part.KeyOf(_rule!, tag));

    private readonly string KeyPath(int number) => Join(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private readonly string Join(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}
