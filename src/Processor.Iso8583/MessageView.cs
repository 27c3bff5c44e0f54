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

    /// <summary>Content as on the wire together with its written length; empty when the element is not there.</summary>
    internal ReadOnlySpan<byte> RawWithLength(int dataElement)
    {
        if (!_layout.Has(dataElement))
            return default;
        ref readonly var slot = ref _layout.Slots[dataElement];
        int prefix = _dialect.Plans[dataElement].LengthBytes;
        return _frame.Slice(slot.Offset - prefix, slot.Bytes + prefix);
    }

    /// <summary>Digits, characters or bytes (for <c>b</c>) of the content; 0 when the element is not there.</summary>
    public int Length(int dataElement) => _layout.Has(dataElement) ? _layout.Slots[dataElement].Units : 0;

    /// <summary>The content when it is all digits, as ASCII digits with leading zeros, filler dropped.</summary>
    /// <param name="dataElement">2 to 128.</param>
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
        ref readonly var plan = ref _dialect.Plans[dataElement];
        if (plan.Class is CharacterClass.B or CharacterClass.Z or CharacterClass.SignedN || slot.Units == 0)
            return false;
        var bytes = _frame.Slice(slot.Offset, slot.Bytes);
        bool isNumber = plan.Encoding == ContentEncoding.Bcd
            ? TryGetPackedNumber(in plan, bytes, slot.Units, ref number)
            : TryGetAsciiNumber(bytes, ref number);
        if (!isNumber)
            number = 0;
        return isNumber;
    }

    /// <summary>
    /// The content as characters, padding included: ASCII, or ISO 8859-1 where the dialect says so. Digits read as
    /// digits, a track's separator as <c>=</c>, a signed amount with its sign first. False for <c>b</c> elements.
    /// </summary>
    /// <param name="dataElement">2 to 128.</param>
    /// <param name="ascii">Room for at least <see cref="Length"/> characters.</param>
    /// <param name="length">Characters written.</param>
    public bool TryGetText(int dataElement, Span<byte> ascii, out int length)
    {
        length = 0;
        if (!_layout.Has(dataElement))
            return false;
        ref readonly var slot = ref _layout.Slots[dataElement];
        ref readonly var plan = ref _dialect.Plans[dataElement];
        if (plan.Class == CharacterClass.B || ascii.Length < slot.Units)
            return false;
        length = slot.Units;
        var bytes = _frame.Slice(slot.Offset, slot.Bytes);
        if (plan.Encoding != ContentEncoding.Bcd)
        {
            bytes.CopyTo(ascii);
            if (plan.Class == CharacterClass.Z)
                ascii[..length].Replace((byte)'D', (byte)'=');
        }
        else if (plan.Class == CharacterClass.SignedN)
        {
            ascii[0] = bytes[0];
            Content.UnpackNibbles(bytes[1..], 0, ascii[1..length]);
        }
        else
        {
            Content.UnpackNibbles(bytes, FirstNibble(in plan, length), ascii[..length]);
        }

        return true;
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
    /// <param name="dataElement">2 to 128.</param>
    /// <param name="bytes">Room for at least <see cref="Length"/> bytes.</param>
    /// <param name="length">Bytes written.</param>
    public bool TryGetBinary(int dataElement, Span<byte> bytes, out int length)
    {
        length = 0;
        if (!_layout.Has(dataElement))
            return false;
        ref readonly var slot = ref _layout.Slots[dataElement];
        ref readonly var plan = ref _dialect.Plans[dataElement];
        if (plan.Class != CharacterClass.B || bytes.Length < slot.Units)
            return false;
        length = slot.Units;
        var content = _frame.Slice(slot.Offset, slot.Bytes);
        if (plan.Encoding == ContentEncoding.Hex)
            return Content.FromHex(content, bytes);
        content.CopyTo(bytes);
        return true;
    }

    /// <summary>The network's transaction id, trimmed, from the element that the dialect names.</summary>
    public bool TryGetNetworkId(Span<byte> ascii, out int length) =>
        TryGetTrimmedText(_dialect.NetworkIdElement, ascii, out length) && length > 0;

    /// <summary>Whether the sender says that it takes an approval of less than it asked for.</summary>
    public bool SupportsPartialApproval()
    {
        if (_dialect.PartialApproval is not { } rule || Length(rule.DataElement) < rule.Position)
            return false;
        ref readonly var plan = ref _dialect.Plans[rule.DataElement];
        if (plan.Encoding is ContentEncoding.Ascii or ContentEncoding.Latin1)
            return rule.Values.AsSpan().Contains(Raw(rule.DataElement)[rule.Position - 1]);
        Span<byte> text = stackalloc byte[1024];
        return TryGetText(rule.DataElement, text, out _) && rule.Values.AsSpan().Contains(text[rule.Position - 1]);
    }

    internal static int FirstNibble(in ElementPlan plan, int digits) =>
        plan.Pad == NibblePad.Left0 ? digits & 1 : 0;

    private static bool TryGetAsciiNumber(ReadOnlySpan<byte> digits, ref ulong number)
    {
        foreach (byte digit in digits)
        {
            uint value = (uint)(digit - '0');
            if (value > 9 || !TryAppend(ref number, value))
                return false;
        }

        return true;
    }

    private static bool TryGetPackedNumber(in ElementPlan plan, ReadOnlySpan<byte> packed, int digits, ref ulong number)
    {
        int first = FirstNibble(in plan, digits);
        for (int nibble = first; nibble < first + digits; nibble++)
        {
            int value = (nibble & 1) == 0 ? packed[nibble >> 1] >> 4 : packed[nibble >> 1] & 0xF;
            if (!TryAppend(ref number, (uint)value))
                return false;
        }

        return true;
    }

    private static bool TryAppend(ref ulong number, uint digit)
    {
        const ulong Tenth = ulong.MaxValue / 10;
        if (number > Tenth || (number == Tenth && digit > ulong.MaxValue % 10))
        {
            return false;
        }

        number = number * 10 + digit;
        return true;
    }
}
