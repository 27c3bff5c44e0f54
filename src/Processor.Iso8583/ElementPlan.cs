using System.Runtime.CompilerServices;

namespace Processor.Iso8583;

/// <summary>
/// An <see cref="ElementRule"/> flattened to what the reader and the writer ask: 32 bytes, so that the elements of a
/// message touch a few dozen cache lines. <see cref="Undefined"/> when the dialect does not define the element.
/// </summary>
internal readonly struct ElementPlan
{
    /// <summary>Most characters, digits or bytes of content.</summary>
    public readonly int UnitsMax;

    /// <summary>Bytes that <see cref="UnitsMax"/> units take on the wire.</summary>
    public readonly int BytesMax;

    public readonly bool IsDefined;
    public readonly LengthEncoding Length;
    public readonly byte LengthBytes;
    public readonly ContentCheck Check;
    public readonly StretchKind Stretch;
    public readonly ContentEncoding Encoding;
    public readonly CharacterClass Class;
    public readonly NibblePad Pad;
    public readonly LengthUnit LengthUnit;
    public readonly FillSide Fill;
    public readonly DateFormat Date;

    /// <summary>Whether its bytes do not follow from its length alone, so that only the careful reader reads it.</summary>
    public readonly bool IsUneven;

    /// <summary>What nibbles above 9 stand for; null for the standard's own.</summary>
    public readonly NibbleTable? Nibbles;

    private ElementPlan(int bytes) => BytesMax = bytes;

    /// <summary>The plan of an element that the dialect does not define: too long for every frame, and otherwise zero.</summary>
    public static ElementPlan Undefined { get; } = new(int.MaxValue);

    // Bytes of content: units, twice as many, or half of them and a filler or a sign.
    private readonly byte _doubled;
    private readonly byte _rounding;
    private readonly byte _halved;

    public ElementPlan(ElementRule rule)
    {
        IsDefined = true;
        Length = rule.Length;
        LengthBytes = (byte)rule.LengthBytes;
        Encoding = rule.Encoding;
        Class = rule.Class;
        Pad = rule.Pad;
        LengthUnit = rule.LengthUnit;
        Fill = rule.Fill;
        Date = rule.Date;
        Nibbles = rule.Nibbles;
        Check = CheckOf(rule);
        Stretch = StretchOf(rule, Check);
        _doubled = (byte)(IsHex ? 1 : 0);
        _halved = (byte)(Encoding == ContentEncoding.Bcd ? 1 : 0);
        _rounding = _halved;
        UnitsMax = rule.LengthMax;
        BytesMax = BytesOf(rule.LengthMax);
        IsUneven = LengthUnit != LengthUnit.Format || Nibbles is not null || Pad is NibblePad.None or NibblePad.LeftF
            || Date != DateFormat.None;
    }

    public bool IsHex => Encoding is ContentEncoding.Hex or ContentEncoding.HexEbcdic;

    public CodePage? CodePage => CodePage.Of(Encoding);

    /// <summary>Bytes that a number of digits, characters or bytes takes on the wire.</summary>
    public int BytesOf(int units) => ((units << _doubled) + _rounding) >> _halved;

    /// <summary>Digits, characters or bytes that content of so many bytes holds, a filler counted as a digit.</summary>
    public int UnitsOfBytes(int bytes)
    {
        if (Encoding != ContentEncoding.Bcd)
            return bytes >> _doubled;
        return bytes << 1 == UnitsMax + 1 ? UnitsMax : bytes << 1;
    }

    /// <summary>
    /// Digits, characters or bytes for which a written length stands, a filler nibble counted as a digit; -1 when it
    /// cannot be.
    /// </summary>
    public int UnitsOf(int length)
    {
        if (LengthUnit == LengthUnit.Format)
            return length;
        if (Encoding == ContentEncoding.Bcd)
            return LengthUnit == LengthUnit.Nibbles ? length : Class == CharacterClass.SignedN && length > 0 ? 2 * length - 1 : 2 * length;
        bool isDouble = IsHex || (Encoding == ContentEncoding.Binary && LengthUnit == LengthUnit.Nibbles);
        if (!isDouble)
            return length;
        return (length & 1) == 0 ? length >> 1 : -1;
    }

    /// <summary>The length to write before content of so many units and bytes.</summary>
    public int LengthOf(int units, int bytes) => LengthUnit switch
    {
        LengthUnit.Bytes => bytes,
        LengthUnit.Nibbles when Encoding != ContentEncoding.Bcd => IsHex || Encoding == ContentEncoding.Binary ? units << 1 : units,
        _ => units,
    };

    /// <summary>
    /// Whether content of so many units, with the length written before it, may be checked in one stretch with neighbours
    /// of the same check: the length passes that check, and there is no filler nibble.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsInStretch(int units) => Stretch == StretchKind.Always || (Stretch == StretchKind.Nibbles && (units & 1) == 0);

    /// <summary>Whether it may be although there is a filler nibble, because that is the zero it should be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsInStretch(ReadOnlySpan<byte> frame, int content) =>
        Stretch == StretchKind.Nibbles && Pad == NibblePad.Left0 && frame[content] < 0x10;

    private static StretchKind StretchOf(ElementRule rule, ContentCheck check) => check switch
    {
        ContentCheck.Digits or ContentCheck.Printable when rule.Length is LengthEncoding.Fixed or LengthEncoding.Ascii =>
            StretchKind.Always,
        ContentCheck.EbcdicDigits when rule.Length is LengthEncoding.Fixed or LengthEncoding.Ebcdic => StretchKind.Always,
        ContentCheck.BcdDigits when rule.Length is LengthEncoding.Fixed or LengthEncoding.Bcd => StretchKind.Nibbles,
        _ => StretchKind.Never,
    };

    private static ContentCheck CheckOf(ElementRule rule) => rule.Encoding switch
    {
        ContentEncoding.Binary => ContentCheck.None,
        ContentEncoding.Hex => ContentCheck.HexDigits,
        ContentEncoding.HexEbcdic => ContentCheck.EbcdicHexDigits,
        ContentEncoding.Bcd => rule.Class switch
        {
            _ when rule.Nibbles is not null => ContentCheck.BcdTable,
            CharacterClass.Z => ContentCheck.BcdTrack,
            CharacterClass.SignedN => ContentCheck.SignedBcd,
            _ => ContentCheck.BcdDigits,
        },
        ContentEncoding.Latin1 => rule.Class == CharacterClass.Any ? ContentCheck.None : ContentCheck.Latin1,
        ContentEncoding.Ascii => rule.Class switch
        {
            CharacterClass.N => ContentCheck.Digits,
            CharacterClass.SignedN => ContentCheck.SignedDigits,
            CharacterClass.Ans => ContentCheck.Printable,
            CharacterClass.A => ContentCheck.Letters,
            CharacterClass.An => ContentCheck.LettersAndDigits,
            CharacterClass.Ns => ContentCheck.DigitsAndSpecials,
            CharacterClass.Z => ContentCheck.Track,
            CharacterClass.Any => ContentCheck.SevenBits,
            _ => ContentCheck.None,
        },
        _ => EbcdicCheckOf(rule),
    };

    private static ContentCheck EbcdicCheckOf(ElementRule rule) => rule.Class switch
    {
        CharacterClass.N => ContentCheck.EbcdicDigits,
        CharacterClass.SignedN => ContentCheck.EbcdicSignedDigits,
        CharacterClass.A => ContentCheck.EbcdicLetters,
        CharacterClass.An => ContentCheck.EbcdicLettersAndDigits,
        CharacterClass.Z => ContentCheck.EbcdicTrack,
        CharacterClass.Ans => (ContentCheck)((int)ContentCheck.EbcdicPrintable037 + PageOf(rule.Encoding)),
        CharacterClass.Ns => (ContentCheck)((int)ContentCheck.EbcdicDigitsAndSpecials037 + PageOf(rule.Encoding)),
        _ => ContentCheck.None,
    };

    private static int PageOf(ContentEncoding encoding) => encoding - ContentEncoding.Ebcdic037;
}
