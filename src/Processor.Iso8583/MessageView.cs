namespace Processor.Iso8583;

/// <summary>
/// The elements of one parsed frame, read in place. It dies with the frame: map it before the first <c>await</c>.
/// What it answers does not depend on the dialect: digits and text come out as ASCII whatever the wire encoding.
/// Nothing here allocates, and nothing throws for what a sender wrote: a missing element, another kind of element or
/// a target that is too short is <c>false</c> and a length of 0.
/// </summary>
public readonly ref struct MessageView
{
    private readonly ReadOnlySpan<byte> _frame;
    private readonly MessageLayout _layout;
    private readonly Dialect _dialect;

    /// <param name="frame">The very bytes that were parsed.</param>
    /// <param name="layout">Their layout. After a rejection the elements before the error are there.</param>
    /// <exception cref="ArgumentException">The layout has never been parsed into.</exception>
    public MessageView(ReadOnlySpan<byte> frame, MessageLayout layout)
    {
        _frame = frame;
        _layout = layout;
        _dialect = layout.Dialect ?? throw new ArgumentException("Parse a frame into the layout first.", nameof(layout));
    }

    /// <summary>The message type; 0000 when it could not be read.</summary>
    public Mti Mti => _layout.Mti;

    /// <summary>The dialect the frame was read in.</summary>
    public Dialect Dialect => _dialect;

    internal MessageLayout Layout => _layout;

    internal int FrameLength => _frame.Length;

    /// <summary>What stands before the MTI, as on the wire; empty when nothing does.</summary>
    public ReadOnlySpan<byte> Header => _frame[..Math.Min(_layout.HeaderLength, _frame.Length)];

    /// <summary>What stands behind the last element, as on the wire; empty when nothing does.</summary>
    public ReadOnlySpan<byte> Trailer =>
        _dialect.Trailer is { } trailer && _frame.Length >= trailer.BytesMin ? _frame[^trailer.BytesMin..] : default;

    /// <summary>Whether the element is in the message.</summary>
    public bool Has(int dataElement) => _layout.Has(dataElement);

    /// <summary>The first element above the given one, 0 when there is none: start with 0 to walk them all.</summary>
    public int Next(int dataElement) => _layout.Next(dataElement);

    /// <summary>Content as on the wire, without its written length; empty when the element is not there.</summary>
    public ReadOnlySpan<byte> Raw(int dataElement)
    {
        if (!_layout.Has(dataElement))
            return default;
        ref readonly var slot = ref _layout.Slots[dataElement];
        return _frame.Slice(slot.Offset, slot.Bytes);
    }

    /// <summary>Content as on the wire together with its written length, of an element that is there.</summary>
    internal ReadOnlySpan<byte> PresentWithLength(int dataElement)
    {
        ref readonly var slot = ref _layout.Slots[dataElement];
        int prefix = _dialect.Plans[dataElement].LengthBytes;
        return _frame.Slice(slot.Offset - prefix, slot.Bytes + prefix);
    }

    /// <summary>The bytes from one element that is there to another behind it, both included, with their written lengths.</summary>
    internal ReadOnlySpan<byte> Range(int first, int last)
    {
        var slots = _layout.Slots;
        int start = slots[first].Offset - _dialect.Plans[first].LengthBytes;
        return _frame[start..(slots[last].Offset + slots[last].Bytes)];
    }

    /// <summary>Finds the message's authentication code: DE 128, or DE 64 when that is not there.</summary>
    /// <param name="place">Where it stands; of element 0 when there is none.</param>
    /// <returns>True when there is one, and nothing stands behind it that it would not cover.</returns>
    public bool TryGetMac(out MacPlace place)
    {
        int element = _layout.Has(128) ? 128 : _layout.Has(64) ? 64 : 0;
        if (element == 0)
        {
            place = default;
            return false;
        }

        int offset = _layout.Slots[element].Offset - _dialect.Plans[element].LengthBytes;
        place = new(_dialect, element, Math.Min(_layout.HeaderLength, offset), offset);
        return _layout.Next(element) == 0;
    }

    /// <summary>Digits, characters or bytes (for <c>b</c>) of the content; 0 when the element is not there.</summary>
    public int Length(int dataElement) => _layout.Has(dataElement) ? _layout.Slots[dataElement].Units : 0;

    /// <summary>The content when it is all digits, as ASCII digits with leading zeros, filler dropped.</summary>
    /// <param name="dataElement">2 to 192.</param>
    /// <param name="asciiDigits">Room for at least <see cref="Length"/> digits.</param>
    /// <param name="length">Digits written.</param>
    public bool TryGetDigits(int dataElement, Span<byte> asciiDigits, out int length)
    {
        if (!TryGetText(dataElement, asciiDigits, out length))
            return false;
        if (_dialect.Plans[dataElement].Class == CharacterClass.N || Content.AreDigits(asciiDigits[..length]))
            return true;
        length = 0;
        return false;
    }

    /// <summary>The content as a number, when it is one or more digits and fits. False for tracks and signed amounts.</summary>
    public bool TryGetNumber(int dataElement, out ulong number)
    {
        number = 0;
        if (!_layout.Has(dataElement))
            return false;
        ref readonly var slot = ref _layout.Slots[dataElement];
        return ContentReader.TryGetNumber(
            in _dialect.Plans[dataElement], _frame.Slice(slot.Offset, slot.Bytes), slot.Units, out number);
    }

    /// <summary>
    /// The content as characters, padding included: ASCII, or ISO 8859-1 where the dialect says so or the wire is
    /// EBCDIC. Digits read as digits, a track's separator as <c>=</c>, a signed amount with its sign first. False for
    /// <c>b</c> elements.
    /// </summary>
    /// <param name="dataElement">2 to 192.</param>
    /// <param name="ascii">Room for at least <see cref="Length"/> characters.</param>
    /// <param name="length">Characters written.</param>
    public bool TryGetText(int dataElement, Span<byte> ascii, out int length)
    {
        length = 0;
        if (!_layout.Has(dataElement))
            return false;
        ref readonly var slot = ref _layout.Slots[dataElement];
        return ContentReader.TryGetText(
            in _dialect.Plans[dataElement], _frame.Slice(slot.Offset, slot.Bytes), slot.Units, ascii, out length);
    }

    /// <summary>As <see cref="TryGetText"/>, without the spaces at the end.</summary>
    public bool TryGetTrimmedText(int dataElement, Span<byte> ascii, out int length)
    {
        if (!TryGetText(dataElement, ascii, out length))
            return false;
        length = ascii[..length].TrimEnd((byte)' ').Length;
        return true;
    }

    /// <summary>Whether the element is there and holds exactly these characters, padding included.</summary>
    public bool TextEquals(int dataElement, ReadOnlySpan<byte> ascii)
    {
        Span<byte> text = stackalloc byte[64];
        return ascii.Length <= text.Length
            && Length(dataElement) == ascii.Length
            && TryGetText(dataElement, text, out int length)
            && text[..length].SequenceEqual(ascii);
    }

    /// <summary>The bytes of a <c>b</c> element, also when the wire writes them as hexadecimal text.</summary>
    /// <param name="dataElement">2 to 192.</param>
    /// <param name="bytes">Room for at least <see cref="Length"/> bytes.</param>
    /// <param name="length">Bytes written.</param>
    public bool TryGetBinary(int dataElement, Span<byte> bytes, out int length)
    {
        length = 0;
        if (!_layout.Has(dataElement))
            return false;
        ref readonly var slot = ref _layout.Slots[dataElement];
        return ContentReader.TryGetBinary(
            in _dialect.Plans[dataElement], _frame.Slice(slot.Offset, slot.Bytes), slot.Units, bytes, out length);
    }

    /// <summary>
    /// The content as an amount in minor units: of an <c>n</c> element what its digits say, of <c>x+n</c> negative when
    /// it is a debit (<c>D</c>). False when there are no digits or it does not fit.
    /// </summary>
    public bool TryGetAmount(int dataElement, out long minorUnits)
    {
        minorUnits = 0;
        if (!_layout.Has(dataElement))
            return false;
        ref readonly var plan = ref _dialect.Plans[dataElement];
        if (plan.Class != CharacterClass.SignedN)
        {
            bool fits = TryGetNumber(dataElement, out ulong number) && number <= long.MaxValue;
            minorUnits = fits ? (long)number : 0;
            return fits;
        }

        Span<byte> text = stackalloc byte[32];
        if (!TryGetText(dataElement, text, out int length) || length < 2)
            return false;
        if (!System.Buffers.Text.Utf8Parser.TryParse(text[1..length], out minorUnits, out int read) || read != length - 1)
            return false;
        minorUnits = text[0] == 'D' ? -minorUnits : minorUnits;
        return true;
    }

    /// <summary>
    /// The content as a date, with its time if it has one: MMDD, YYMMDD, YYYYMMDD, each with or without hhmmss. Whether
    /// it is UTC or local time the element says, not the value.
    /// </summary>
    /// <param name="dataElement">Such as 7, 12, 13 or 15.</param>
    /// <param name="near">Chooses year and century where the digits leave them out: the result is as near as can be.</param>
    /// <param name="value">Of unspecified kind.</param>
    /// <returns>False when the element is not there, has another length, or no such date exists.</returns>
    public bool TryGetDateTime(int dataElement, DateTime near, out DateTime value)
    {
        Span<byte> digits = stackalloc byte[16];
        value = default;
        return TryGetDigits(dataElement, digits, out int length) && DateReader.TryRead(digits[..length], near, out value);
    }

    /// <summary>The first data object with a tag, in an element that holds BER-TLV in bytes.</summary>
    /// <param name="dataElement">Usually 55.</param>
    /// <param name="tag">Big-endian: <c>0x9F26</c>.</param>
    /// <param name="value">Its value, in the frame.</param>
    /// <returns>False when it is not there, also when the objects before it cannot be read.</returns>
    public bool TryGetTag(int dataElement, int tag, out Part value)
    {
        value = default;
        if (!_layout.Has(dataElement) || _dialect.Plans[dataElement].Encoding != ContentEncoding.Binary)
            return false;
        ref readonly var slot = ref _layout.Slots[dataElement];
        var rule = _dialect[dataElement]!.Parts is { Kind: PartsKind.BerTlv } parts ? parts : PartsRule.ChipData;
        var reader = new PartReader(rule, _frame.Slice(slot.Offset, slot.Bytes), "", slot.Offset, 1, PartsMode.Start);
        while (reader.Read(out var part))
        {
            if (!part.HasTag(tag))
                continue;
            value = part;
            return true;
        }

        return false;
    }

    /// <summary>The first part with a key of the dialect, in an element whose parts are read in place.</summary>
    /// <param name="dataElement">2 to 192.</param>
    /// <param name="key">As in the dialect; a tag that the dialect does not name is not found.</param>
    /// <param name="value">The part, in the frame.</param>
    public bool TryGetPart(int dataElement, string key, out Part value)
    {
        value = default;
        var reader = Parts(dataElement);
        while (reader.Read(out var part))
        {
            if (part.Rule?.Key != key)
                continue;
            value = part;
            return true;
        }

        return false;
    }

    /// <summary>
    /// Reads the parts of an element in place; at its end at once when it is not there, when the dialect does not
    /// say what it is made of, or when its parts need decoding.
    /// </summary>
    public PartReader Parts(int dataElement) => Parts(dataElement, default);

    /// <summary>As <see cref="Parts(int)"/>, also for parts that stand in hexadecimal text or in BCD digits.</summary>
    /// <param name="dataElement">2 to 192.</param>
    /// <param name="decoded">Room for <see cref="Length"/> bytes where the parts need decoding; the parts live in it.</param>
    public PartReader Parts(int dataElement, Span<byte> decoded)
    {
        if (!_layout.Has(dataElement) || _dialect[dataElement]?.Parts is not { } parts)
            return default;
        ref readonly var slot = ref _layout.Slots[dataElement];
        var raw = _frame.Slice(slot.Offset, slot.Bytes);
        if (!_dialect.HasDecodedParts(dataElement))
            return new PartReader(parts, raw, "", slot.Offset, 1, PartsMode.Start);
        if (!TryGetBinary(dataElement, decoded, out int length) && !TryGetText(dataElement, decoded, out length))
            return default;
        int scale = _dialect.Plans[dataElement].IsHex ? 2 : 1;
        return new PartReader(parts, decoded[..length], "", slot.Offset, scale, PartsMode.Start);
    }

    /// <summary>The network's transaction id, trimmed, from the element that the dialect names.</summary>
    public bool TryGetNetworkId(Span<byte> ascii, out int length) =>
        TryGetTrimmedText(_dialect.NetworkIdElement, ascii, out length) && length > 0;

    /// <summary>Whether the sender says that it takes an approval of less than it asked for.</summary>
    public bool SupportsPartialApproval()
    {
        if (_dialect.PartialApproval is not { } rule)
            return false;
        if (rule.Part is not null)
            return SupportsPartialApproval(rule);
        if (Length(rule.DataElement) < rule.Position)
            return false;
        ref readonly var plan = ref _dialect.Plans[rule.DataElement];
        if (plan.Encoding is ContentEncoding.Ascii or ContentEncoding.Latin1)
            return rule.Values.AsSpan().Contains(Raw(rule.DataElement)[rule.Position - 1]);
        Span<byte> text = stackalloc byte[1024];
        return TryGetText(rule.DataElement, text, out _) && rule.Values.AsSpan().Contains(text[rule.Position - 1]);
    }

    private bool SupportsPartialApproval(PartialApprovalRule rule)
    {
        Span<byte> text = stackalloc byte[1024];
        return TryGetPart(rule.DataElement, rule.Part!, out var part)
            && part.TryGetText(text, out int length)
            && length >= rule.Position
            && rule.Values.AsSpan().Contains(text[rule.Position - 1]);
    }

    internal static int FirstNibble(in ElementPlan plan, int digits) =>
        plan.Pad is NibblePad.Left0 or NibblePad.LeftF ? digits & 1 : 0;
}
