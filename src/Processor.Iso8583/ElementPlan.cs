using System.Runtime.CompilerServices;

namespace Processor.Iso8583;

/// <summary>
/// An <see cref="ElementRule"/> flattened to what the reader and the writer ask: 14 bytes, so that the table of a
/// dialect stays within a few dozen cache lines. All zero when the dialect does not define the element.
/// </summary>
internal readonly struct ElementPlan
{
    public readonly bool IsDefined;
    public readonly LengthEncoding Length;
    public readonly byte LengthDigits;
    public readonly byte LengthBytes;
    public readonly ContentCheck Check;
    public readonly ContentEncoding Encoding;
    public readonly CharacterClass Class;
    public readonly NibblePad Pad;
    public readonly StretchKind Stretch;

    /// <summary>Most characters, digits or bytes of content.</summary>
    public readonly ushort UnitsMax;

    /// <summary>Bytes that <see cref="UnitsMax"/> units take on the wire.</summary>
    public readonly ushort BytesMax;

    public ElementPlan(ElementRule rule)
    {
        IsDefined = true;
        Length = rule.Length;
        LengthDigits = (byte)rule.LengthDigits;
        LengthBytes = (byte)rule.LengthBytes;
        Encoding = rule.Encoding;
        Class = rule.Class;
        Pad = rule.Pad;
        Check = CheckOf(rule);
        Stretch = StretchOf(rule, Check);
        UnitsMax = (ushort)rule.LengthMax;
        BytesMax = (ushort)BytesOf(rule.LengthMax);
    }

    /// <summary>Bytes that a number of digits, characters or bytes takes on the wire.</summary>
    public int BytesOf(int units) => Encoding switch
    {
        ContentEncoding.Bcd => Class == CharacterClass.SignedN ? 1 + (units >> 1) : (units + 1) >> 1,
        ContentEncoding.Hex => units << 1,
        _ => units,
    };

    /// <summary>
    /// Whether content, with the length written before it, may be checked in one stretch with neighbours of the same
    /// check: the length passes that check, and a filler nibble is none or a zero.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsInStretch(ReadOnlySpan<byte> content, int units) =>
        Stretch == StretchKind.Always
        || (Stretch == StretchKind.Nibbles && ((units & 1) == 0 || (Pad == NibblePad.Left0 && content[0] < 0x10)));

    private static StretchKind StretchOf(ElementRule rule, ContentCheck check) => check switch
    {
        ContentCheck.Digits or ContentCheck.Printable when rule.Length is LengthEncoding.Fixed or LengthEncoding.Ascii =>
            StretchKind.Always,
        ContentCheck.BcdDigits when rule.Length is LengthEncoding.Fixed or LengthEncoding.Bcd => StretchKind.Nibbles,
        _ => StretchKind.Never,
    };

    private static ContentCheck CheckOf(ElementRule rule) => rule.Encoding switch
    {
        ContentEncoding.Binary => ContentCheck.None,
        ContentEncoding.Hex => ContentCheck.HexDigits,
        ContentEncoding.Bcd => rule.Class switch
        {
            CharacterClass.Z => ContentCheck.BcdTrack,
            CharacterClass.SignedN => ContentCheck.SignedBcd,
            _ => ContentCheck.BcdDigits,
        },
        ContentEncoding.Latin1 => ContentCheck.Latin1,
        _ => rule.Class switch
        {
            CharacterClass.N => ContentCheck.Digits,
            CharacterClass.SignedN => ContentCheck.SignedDigits,
            CharacterClass.Ans => ContentCheck.Printable,
            CharacterClass.A => ContentCheck.Letters,
            CharacterClass.An => ContentCheck.LettersAndDigits,
            CharacterClass.Ns => ContentCheck.DigitsAndSpecials,
            CharacterClass.Z => ContentCheck.Track,
            _ => ContentCheck.None,
        },
    };
}
