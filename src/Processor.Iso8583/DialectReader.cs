using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Processor.Iso8583;

/// <summary>Reads a dialect file strictly: an unknown key, a missing one or a wrong value is an error with its place.</summary>
internal sealed class DialectReader
{
    private static readonly string[] DialectKeys =
        ["$schema", "name", "description", "mti", "bitmap", "partialApproval", "networkId", "elements"];

    private static readonly string[] ElementKeys =
        ["de", "name", "format", "length", "encoding", "pad", "sensitive", "note"];

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static readonly SearchValues<char> LengthStart = SearchValues.Create(".0123456789");

    private readonly string _file;

    private DialectReader(string file) => _file = file;

    public static Dialect Read(byte[] json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new DialectReader(file).ReadDialect(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new DialectException($"{file}: not JSON: {exception.Message}", exception);
        }
    }

    private Dialect ReadDialect(JsonElement root)
    {
        CheckKeys(root, DialectKeys, 0);
        string name = Text(root, "name", 0);
        if (name.AsSpan().ContainsAnyExcept(NameCharacters))
            throw Wrong(0, "name", $"{name} is not made of a-z, 0-9 and -");
        var mti = Word(Text(Child(root, "mti"), "encoding", 0), "mti.encoding", 0, MtiEncodings);
        var bitmap = Word(Text(Child(root, "bitmap"), "encoding", 0), "bitmap.encoding", 0, BitmapEncodings);

        var elements = Child(root, "elements");
        if (elements.ValueKind != JsonValueKind.Array)
            throw Wrong(0, "elements", "must be an array");
        var rules = new ElementRule?[129];
        foreach (var element in elements.EnumerateArray())
        {
            var rule = ReadElement(element);
            if (rules[rule.DataElement] is not null)
                throw Wrong(rule.DataElement, "de", "stands twice");
            rules[rule.DataElement] = rule;
        }

        int networkId = 0;
        if (root.TryGetProperty("networkId", out var network))
            networkId = Defined(rules, Number(network, "de", 0), "networkId.de");
        PartialApprovalRule? partial = null;
        if (root.TryGetProperty("partialApproval", out var approval))
        {
            int element = Defined(rules, Number(approval, "de", 0), "partialApproval.de");
            int position = Number(approval, "position", 0);
            if (position < 1 || position > rules[element]!.LengthMax)
                throw Wrong(0, "partialApproval.position", $"must lie within DE{element}");
            partial = new PartialApprovalRule(element, position, PartialValues(approval));
        }

        return new Dialect(name, mti, bitmap, rules, partial, networkId);
    }

    private ElementRule ReadElement(JsonElement json)
    {
        int element = Number(json, "de", 0);
        if (element is < 2 or > 128)
            throw Wrong(element, "de", "must be 2 to 128");
        CheckKeys(json, ElementKeys, element);
        string format = Text(json, "format", element);
        var (characters, lengthMax, prefixDigits) = ReadFormat(format, element);
        var encoding = Word(Text(json, "encoding", element), "encoding", element, ContentEncodings);
        var (length, lengthDigits) = ReadLength(json, element, prefixDigits);
        var pad = json.TryGetProperty("pad", out _)
            ? Word(Text(json, "pad", element), "pad", element, Pads)
            : NibblePad.Left0;
        var sensitivity = json.TryGetProperty("sensitive", out _)
            ? Word(Text(json, "sensitive", element), "sensitive", element, Sensitivities)
            : Sensitivity.None;

        bool isBytes = encoding is ContentEncoding.Binary or ContentEncoding.Hex;
        if (isBytes != (characters == CharacterClass.B))
            throw Wrong(element, "encoding", $"does not suit the format {format}");
        bool isBcd = encoding == ContentEncoding.Bcd;
        if (isBcd && characters is not (CharacterClass.N or CharacterClass.Z or CharacterClass.SignedN))
            throw Wrong(element, "encoding", $"bcd holds digits only, not {format}");
        if (characters == CharacterClass.SignedN && (length != LengthEncoding.Fixed || (isBcd && lengthMax % 2 == 0)))
            throw Wrong(element, "format", "x+n is fixed, and has an even number of digits in bcd");
        if (json.TryGetProperty("pad", out _) && !isBcd)
            throw Wrong(element, "pad", "only bcd has a filler nibble");
        return new ElementRule(
            element, Text(json, "name", element), format, characters, lengthMax, length, lengthDigits, encoding, pad,
            sensitivity);
    }

    // n6 is fixed, n..19 has a length of two digits, n...104 of three; x+n8 is a sign and eight digits.
    private (CharacterClass Class, int LengthMax, int PrefixDigits) ReadFormat(string format, int element)
    {
        int letters = format.AsSpan().IndexOfAny(LengthStart);
        if (letters < 0)
            throw Wrong(element, "format", $"{format} has no length");
        int dots = letters;
        while (dots < format.Length && format[dots] == '.')
            dots++;
        var characters = Word(format[..letters], "format", element, Classes);
        int prefixDigits = dots - letters;
        if (prefixDigits is 1 or > 4
            || !int.TryParse(format.AsSpan(dots), NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            || length is < 1 or > 9999
            || (prefixDigits > 0 && format.Length - dots > prefixDigits))
        {
            throw Wrong(element, "format", $"{format} is not a letter and a length such as n6, n..19 or ans...999");
        }

        return (characters, characters == CharacterClass.SignedN ? length + 1 : length, prefixDigits);
    }

    private (LengthEncoding Length, int Digits) ReadLength(JsonElement json, int element, int prefixDigits)
    {
        if (!json.TryGetProperty("length", out _))
        {
            return prefixDigits == 0
                ? (LengthEncoding.Fixed, 0)
                : throw Wrong(element, "length", "is missing: the format is variable");
        }

        if (prefixDigits == 0)
            throw Wrong(element, "length", "is given, but the format is fixed");
        string text = Text(json, "length", element);
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0 || !int.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int digits)
            || digits is < 1 or > 4)
        {
            throw Wrong(element, "length", $"{text} is not an encoding and a count such as bcd-2");
        }

        var encoding = Word(text[..dash], "length", element, LengthEncodings);
        if (encoding != LengthEncoding.Binary && digits < prefixDigits)
            throw Wrong(element, "length", $"{text} cannot hold the longest length");
        if (encoding == LengthEncoding.Binary && digits > 2)
            throw Wrong(element, "length", "binary lengths have one or two bytes");
        return (encoding, digits);
    }

    private int Defined(ElementRule?[] rules, int element, string key) =>
        element is >= 2 and <= 128 && rules[element] is not null
            ? element
            : throw Wrong(0, key, $"names DE{element}, which is not defined");

    private ImmutableArray<byte> PartialValues(JsonElement approval)
    {
        if (!approval.TryGetProperty("values", out var values) || values.ValueKind != JsonValueKind.Array)
            throw Wrong(0, "partialApproval.values", "must be an array");
        var characters = ImmutableArray.CreateBuilder<byte>();
        foreach (var value in values.EnumerateArray())
        {
            string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            if (text is not { Length: 1 } || !Ascii.IsValid(text))
                throw Wrong(0, "partialApproval.values", "must hold single ASCII characters");
            characters.Add((byte)text[0]);
        }

        return characters.Count > 0
            ? characters.ToImmutable()
            : throw Wrong(0, "partialApproval.values", "must not be empty");
    }

    private JsonElement Child(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out var child) ? child : throw Wrong(0, key, "is missing");

    private string Text(JsonElement parent, string key, int element)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(key, out var value))
            throw Wrong(element, key, "is missing");
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw Wrong(element, key, "must be a text");
    }

    private int Number(JsonElement parent, string key, int element)
    {
        if (parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(key, out var value))
            throw Wrong(element, key, "is missing");
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw Wrong(element, key, "must be a whole number");
    }

    private void CheckKeys(JsonElement json, string[] allowed, int element)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw Wrong(element, "elements", "must hold objects");
        foreach (var property in json.EnumerateObject())
        {
            if (!allowed.Contains(property.Name))
                throw Wrong(element, property.Name, "is no key of a dialect");
        }
    }

    private T Word<T>(string text, string key, int element, (string Word, T Value)[] words)
    {
        foreach (var (word, value) in words)
        {
            if (word == text)
                return value;
        }

        throw Wrong(element, key, $"{text} is not one of {string.Join(", ", words.Select(word => word.Word))}");
    }

    private DialectException Wrong(int element, string key, string reason) =>
        new(element == 0 ? $"{_file}: {key} {reason}." : $"{_file}: DE{element}: {key} {reason}.");

    private static readonly (string Word, ContentEncoding Value)[] MtiEncodings =
        [("ascii", ContentEncoding.Ascii), ("bcd", ContentEncoding.Bcd)];

    private static readonly (string Word, ContentEncoding Value)[] BitmapEncodings =
        [("binary", ContentEncoding.Binary), ("hex", ContentEncoding.Hex)];

    private static readonly (string Word, ContentEncoding Value)[] ContentEncodings =
    [
        ("ascii", ContentEncoding.Ascii), ("latin1", ContentEncoding.Latin1), ("bcd", ContentEncoding.Bcd),
        ("binary", ContentEncoding.Binary), ("hex", ContentEncoding.Hex),
    ];

    private static readonly (string Word, LengthEncoding Value)[] LengthEncodings =
        [("ascii", LengthEncoding.Ascii), ("bcd", LengthEncoding.Bcd), ("binary", LengthEncoding.Binary)];

    private static readonly (string Word, NibblePad Value)[] Pads =
        [("left-0", NibblePad.Left0), ("right-0", NibblePad.Right0), ("right-f", NibblePad.RightF)];

    private static readonly (string Word, Sensitivity Value)[] Sensitivities =
    [
        ("pan", Sensitivity.Pan), ("track", Sensitivity.Track), ("secret", Sensitivity.Secret), ("icc", Sensitivity.Icc),
    ];

    private static readonly (string Word, CharacterClass Value)[] Classes =
    [
        ("n", CharacterClass.N), ("a", CharacterClass.A), ("an", CharacterClass.An), ("ns", CharacterClass.Ns),
        ("ans", CharacterClass.Ans), ("z", CharacterClass.Z), ("x+n", CharacterClass.SignedN), ("b", CharacterClass.B),
    ];
}
