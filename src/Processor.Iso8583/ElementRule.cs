namespace Processor.Iso8583;

/// <summary>What a dialect says about one data element.</summary>
/// <param name="DataElement">2 to 192; 0 for a part of an element.</param>
/// <param name="Name">For people; as in the dialect file.</param>
/// <param name="Format">As written in the dialect file: <c>n6</c>, <c>n..19</c>, <c>ans...999</c>.</param>
/// <param name="Class">The characters it may hold.</param>
/// <param name="LengthMax">
/// Its length when fixed, its longest when variable: in digits or characters (the sign of <c>x+n</c> included), in
/// bytes for <c>b</c>.
/// </param>
/// <param name="Length">How its length is written, or <see cref="LengthEncoding.Fixed"/>.</param>
/// <param name="LengthDigits">Digits of the written length, bytes for <see cref="LengthEncoding.Binary"/>; 0 when fixed.</param>
/// <param name="Encoding">How its content is written.</param>
/// <param name="Pad">The filler of an odd number of BCD digits.</param>
/// <param name="Sensitivity">What a printed message may show of it.</param>
public sealed record ElementRule(
    int DataElement,
    string Name,
    string Format,
    CharacterClass Class,
    int LengthMax,
    LengthEncoding Length,
    int LengthDigits,
    ContentEncoding Encoding,
    NibblePad Pad,
    Sensitivity Sensitivity)
{
    /// <summary>What the written length counts.</summary>
    public LengthUnit LengthUnit { get; init; }

    /// <summary>How short content of a fixed element is filled.</summary>
    public FillSide Fill { get; init; }

    /// <summary>The date or time that its digits must be; none where the dialect does not ask.</summary>
    public DateFormat Date { get; init; }

    /// <summary>What the element is made of; null when it is one piece.</summary>
    public PartsRule? Parts { get; init; }

    /// <summary>What nibbles above 9 stand for, where the dialect says so.</summary>
    internal NibbleTable? Nibbles { get; init; }

    /// <summary>Whether the element always has its full length.</summary>
    public bool IsFixed => Length == LengthEncoding.Fixed;

    /// <summary>Bytes of the written length; 0 when fixed.</summary>
    public int LengthBytes => Length switch
    {
        LengthEncoding.Fixed => 0,
        LengthEncoding.Bcd => (LengthDigits + 1) / 2,
        _ => LengthDigits,
    };
}
