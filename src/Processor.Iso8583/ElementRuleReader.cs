using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Processor.Iso8583;

/// <summary>Reads what a dialect file says about one element, or about one part of an element.</summary>
internal sealed class ElementRuleReader(DialectJson json, DialectRelaxation relaxation)
{
    private const int LengthDigitsMax = 6;

    private static readonly string[] Keys =
    [
        "de", "key", "name", "format", "length", "counts", "encoding", "pad", "nibbles", "fill", "date", "sensitive", "parts", "note",
    ];

    private static readonly SearchValues<char> LengthStart = SearchValues.Create(".0123456789");

    /// <summary>Reads an element; its parts, if any, come from <paramref name="parts"/>.</summary>
    /// <param name="element">The JSON object.</param>
    /// <param name="number">The element's number; 0 for a part.</param>
    /// <param name="place">Such as <c>DE48: </c>, for messages.</param>
    /// <param name="parts">What its <c>parts</c> say, or null.</param>
    public ElementRule Read(JsonElement element, int number, string place, PartsRule? parts)
    {
        json.CheckKeys(element, Keys, place);
        string format = json.Text(element, "format", place);
        var (characters, lengthMax, prefixDigits) = ReadFormat(format, place);
        var encoding = json.Word(element, "encoding", place, DialectWords.ContentEncodings);
        var (length, lengthDigits) = ReadLength(element, place, prefixDigits);
        var unit = ReadUnit(element, place, length, encoding);
        bool isDecimal = length is LengthEncoding.Ascii or LengthEncoding.Ebcdic or LengthEncoding.Bcd;
        if (isDecimal && unit == LengthUnit.Format && lengthDigits < prefixDigits)
            throw json.Wrong(place, "length", $"{json.Text(element, "length", place)} cannot hold the longest length");
        var pad = json.Word(element, "pad", place, DialectWords.Pads, NibblePad.Left0);

        bool isBytes = encoding is ContentEncoding.Binary or ContentEncoding.Hex or ContentEncoding.HexEbcdic;
        if (isBytes != (characters == CharacterClass.B))
            throw json.Wrong(place, "encoding", $"does not suit the format {format}");
        bool isBcd = encoding == ContentEncoding.Bcd;
        if (isBcd && characters is not (CharacterClass.N or CharacterClass.Z or CharacterClass.SignedN))
            throw json.Wrong(place, "encoding", $"bcd holds digits only, not {format}");
        bool isCountedInDigits = length != LengthEncoding.Fixed && unit == LengthUnit.Format;
        if (characters == CharacterClass.SignedN && isBcd && (isCountedInDigits || lengthMax % 2 == 0))
            throw json.Wrong(place, "format", "x+n in bcd has an even number of digits, and a length that counts bytes");
        if (DialectJson.Has(element, "pad") && !isBcd)
            throw json.Wrong(place, "pad", "only bcd has a filler nibble");
        var nibbles = ReadNibbles(element, place, characters, isBcd);
        if (pad == NibblePad.None && length == LengthEncoding.Fixed && characters != CharacterClass.SignedN && lengthMax % 2 != 0)
            throw json.Wrong(place, "pad", "must be given for an odd number of digits");

        // A filler that a table names stands at the end, wherever an odd number of digits would be filled.
        if (nibbles is { FillerNibble: >= 0 } && (unit == LengthUnit.Bytes || !DialectJson.Has(element, "pad")))
            pad = NibblePad.RightF;
        var fill = json.Word(element, "fill", place, DialectWords.Fills, FillSide.Standard);
        bool isText = !isBytes && !isBcd;
        if (isText && (relaxation & DialectRelaxation.Characters) != 0)
        {
            fill = characters == CharacterClass.N && fill == FillSide.Standard ? FillSide.LeftZero : fill;
            characters = CharacterClass.Any;
        }

        return new ElementRule(
            number, json.Text(element, "name", place), format, characters, lengthMax, length, lengthDigits, encoding, pad,
            json.Word(element, "sensitive", place, DialectWords.Sensitivities, Sensitivity.None))
        {
            LengthUnit = unit,
            Fill = fill,
            Nibbles = nibbles,
            Date = ReadDate(element, place, lengthMax, length),
            Parts = parts,
        };
    }

    // n6 is fixed, n..19 has a length of two digits, n...104 of three; x+n8 is a sign and eight digits.
    private (CharacterClass Class, int LengthMax, int PrefixDigits) ReadFormat(string format, string place)
    {
        int letters = format.AsSpan().IndexOfAny(LengthStart);
        if (letters < 0)
            throw json.Wrong(place, "format", $"{format} has no length");
        int dots = letters;
        while (dots < format.Length && format[dots] == '.')
            dots++;
        var characters = json.Word(format[..letters], "format", place, DialectWords.Classes);
        int prefixDigits = dots - letters;
        if (prefixDigits > LengthDigitsMax
            || !int.TryParse(format.AsSpan(dots), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length is < 0 or > 999_999
            || (prefixDigits > 0 && format.Length - dots > prefixDigits))
        {
            throw json.Wrong(place, "format", $"{format} is not a letter and a length such as n6, n..19 or ans...999");
        }

        return (characters, characters == CharacterClass.SignedN ? length + 1 : length, prefixDigits);
    }

    private (LengthEncoding Length, int Digits) ReadLength(JsonElement element, string place, int prefixDigits)
    {
        if (!DialectJson.Has(element, "length"))
        {
            return prefixDigits == 0
                ? (LengthEncoding.Fixed, 0)
                : throw json.Wrong(place, "length", "is missing: the format is variable");
        }

        if (prefixDigits == 0)
            throw json.Wrong(place, "length", "is given, but the format is fixed");
        string text = json.Text(element, "length", place);
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0
            || !int.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int digits)
            || digits is < 1 or > LengthDigitsMax)
        {
            throw json.Wrong(place, "length", $"{text} is not an encoding and a count such as bcd-2");
        }

        var encoding = json.Word(text[..dash], "length", place, DialectWords.LengthEncodings);
        if (encoding == LengthEncoding.Binary && digits > 4)
            throw json.Wrong(place, "length", "binary lengths have one to four bytes");
        return (encoding, digits);
    }

    private LengthUnit ReadUnit(JsonElement element, string place, LengthEncoding length, ContentEncoding encoding)
    {
        if (!DialectJson.Has(element, "counts"))
            return LengthUnit.Format;
        if (length == LengthEncoding.Fixed)
            throw json.Wrong(place, "counts", "is given, but the format is fixed");
        var unit = json.Word(element, "counts", place, DialectWords.LengthUnits);
        bool isHex = encoding is ContentEncoding.Hex or ContentEncoding.HexEbcdic;
        bool isPlain = !isHex && encoding is not (ContentEncoding.Bcd or ContentEncoding.Binary);
        if (isPlain && unit == LengthUnit.Nibbles)
            throw json.Wrong(place, "counts", "only bcd, binary and hex have nibbles");
        if (isHex && unit != LengthUnit.Nibbles)
            return json.Text(element, "counts", place) == "characters" ? LengthUnit.Bytes : LengthUnit.Format;
        return (encoding, unit) switch
        {
            (ContentEncoding.Bcd, LengthUnit.Nibbles) => LengthUnit.Format,
            (ContentEncoding.Bcd, _) or (ContentEncoding.Binary, LengthUnit.Nibbles) or (_, LengthUnit.Nibbles) => unit,
            _ => LengthUnit.Format,
        };
    }

    private DateFormat ReadDate(JsonElement element, string place, int lengthMax, LengthEncoding length)
    {
        var date = json.Word(element, "date", place, DialectWords.DateFormats, DateFormat.None);
        return date == DateFormat.None || (length == LengthEncoding.Fixed && lengthMax == DateReader.LengthOf(date))
            ? date
            : throw json.Wrong(place, "date", $"needs a fixed format of {DateReader.LengthOf(date)} digits");
    }

    // { "d": "=", "f": "" }: what a nibble above 9 stands for; nothing, for a filler at the end.
    private NibbleTable? ReadNibbles(JsonElement element, string place, CharacterClass characters, bool isBcd)
    {
        if (!element.TryGetProperty("nibbles", out var nibbles))
            return null;
        if (!isBcd || characters == CharacterClass.SignedN || nibbles.ValueKind != JsonValueKind.Object)
            throw json.Wrong(place, "nibbles", "is an object, for bcd only");
        var signs = new Dictionary<int, byte>();
        foreach (var property in nibbles.EnumerateObject())
        {
            string? sign = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : null;
            if (property.Name.Length != 1
                || !int.TryParse(property.Name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int nibble)
                || nibble < 10
                || sign is null or { Length: > 1 }
                || (sign.Length == 1 && sign[0] is < ' ' or > '~'))
            {
                throw json.Wrong(place, "nibbles", "has keys a to f, and one character or none for each");
            }

            signs[nibble] = sign.Length == 0 ? NibbleTable.Filler : (byte)sign[0];
        }

        return new NibbleTable(signs);
    }
}
