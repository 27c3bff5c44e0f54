using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Processor.Iso8583;

/// <summary>Reads a dialect file strictly: an unknown key, a missing one or a wrong value is an error with its place.</summary>
internal sealed class DialectReader
{
    private static readonly string[] DialectKeys =
    [
        "$schema", "name", "description", "version", "header", "trailer", "mti", "bitmap", "relax", "partialApproval", "verificationValue", "networkId",
        "elements",
    ];

    private static readonly string[] BitmapKeys = ["encoding", "encodings", "max", "fixed", "third"];

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly DialectJson _json;
    private readonly HeaderRuleReader _headers;

    private DialectReader(string file)
    {
        _json = new DialectJson(file);
        _headers = new HeaderRuleReader(_json);
    }

    /// <param name="content">The file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="open">Gives the dialect of a name, for <c>extends</c>.</param>
    public static Dialect Read(byte[] content, string file, Func<string, byte[]> open)
    {
        try
        {
            using var document = JsonDocument.Parse(DialectInheritance.Flatten(content, file, open));
            return new DialectReader(file).ReadDialect(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new DialectException($"{file}: not JSON: {exception.Message}", exception);
        }
    }

    private Dialect ReadDialect(JsonElement root)
    {
        _json.CheckKeys(root, DialectKeys, "");
        string name = _json.Text(root, "name", "");
        if (name.AsSpan().ContainsAnyExcept(NameCharacters))
            throw _json.Wrong("", "name", $"{name} is not made of a-z, 0-9 and -");
        var mti = _json.Word(_json.Text(_json.Child(root, "mti", ""), "encoding", ""), "mti.encoding", "", DialectWords.MtiEncodings);
        var bitmaps = ReadBitmaps(root);
        var relaxation = ReadRelaxation(root);
        var rules = ReadElements(root, bitmaps, relaxation);

        int networkId = 0;
        if (root.TryGetProperty("networkId", out var network) && network.ValueKind != JsonValueKind.Null)
            networkId = Defined(rules, _json.Number(network, "de", ""), "networkId.de");
        var trailer = _headers.Read(root, "trailer");
        if (trailer is { IsVariable: true })
            throw _json.Wrong("", "trailer", "cannot be variable");
        return new Dialect(name, mti, bitmaps, rules)
        {
            Version = _json.Word(root, "version", "", Versions, 0),
            Header = _headers.Read(root, "header"),
            Trailer = trailer,
            Relaxation = relaxation,
            PartialApproval = ReadPartialApproval(root, rules),
            VerificationValue = ReadVerificationValue(root, rules),
            NetworkIdElement = networkId,
        };
    }

    private ElementRule?[] ReadElements(JsonElement root, BitmapRule bitmaps, DialectRelaxation relaxation)
    {
        var elementReader = new ElementRuleReader(_json, relaxation);
        var partsReader = new PartsRuleReader(_json, elementReader);
        var rules = new ElementRule?[Dialect.ElementMax + 1];
        int last = 64 * bitmaps.CountMax;
        int first = bitmaps.CountMax == 1 && !bitmaps.IsFixed ? 1 : 2;
        foreach (var element in _json.Array(root, "elements", "").EnumerateArray())
        {
            int number = _json.Number(element, "de", "");
            string place = $"DE{number}: ";
            if (number < first || number > last)
                throw _json.Wrong(place, "de", $"must be {first} to {last}");
            if (number == 65 && bitmaps.CountMax == 3)
                throw _json.Wrong(place, "de", "announces the third bitmap");
            if (rules[number] is not null)
                throw _json.Wrong(place, "de", "stands twice");
            rules[number] = elementReader.Read(element, number, place, partsReader.Read(element, place, ""));
        }

        return rules;
    }

    private BitmapRule ReadBitmaps(JsonElement root)
    {
        var bitmap = _json.Child(root, "bitmap", "");
        _json.CheckKeys(bitmap, BitmapKeys, "bitmap: ");
        bool isFixed = DialectJson.Has(bitmap, "fixed");
        int count = isFixed ? _json.Number(bitmap, "fixed", "bitmap: ", 2, 1, 3) : _json.Number(bitmap, "max", "bitmap: ", 2, 1, 3);
        var encodings = new BitmapEncoding[count];
        var common = DialectJson.Has(bitmap, "encodings") && !DialectJson.Has(bitmap, "encoding")
            ? BitmapEncoding.Binary
            : _json.Word(_json.Text(bitmap, "encoding", ""), "bitmap.encoding", "", DialectWords.BitmapEncodings);
        Array.Fill(encodings, common);
        if (DialectJson.Has(bitmap, "encodings"))
        {
            int index = 0;
            foreach (var one in _json.Array(bitmap, "encodings", "bitmap: ").EnumerateArray())
            {
                if (index == count || one.ValueKind != JsonValueKind.String)
                    throw _json.Wrong("bitmap: ", "encodings", "has one word for each bitmap");
                encodings[index++] = _json.Word(one.GetString()!, "encodings", "bitmap: ", DialectWords.BitmapEncodings);
            }
        }

        bool isInPlace = _json.Word(bitmap, "third", "bitmap: ", [("after-second", false), ("in-place", true)], absent: false);
        return new BitmapRule([.. encodings], count, isFixed, isInPlace);
    }

    private DialectRelaxation ReadRelaxation(JsonElement root)
    {
        var relaxation = DialectRelaxation.None;
        if (!DialectJson.Has(root, "relax"))
            return relaxation;
        foreach (var word in _json.Array(root, "relax", "").EnumerateArray())
        {
            string text = word.ValueKind == JsonValueKind.String ? word.GetString()! : throw _json.Wrong("", "relax", "holds words");
            relaxation |= _json.Word(text, "relax", "", DialectWords.Relaxations);
        }

        return relaxation;
    }

    private PartialApprovalRule? ReadPartialApproval(JsonElement root, ElementRule?[] rules)
    {
        if (!root.TryGetProperty("partialApproval", out var approval) || approval.ValueKind == JsonValueKind.Null)
            return null;
        int element = Defined(rules, _json.Number(approval, "de", ""), "partialApproval.de");
        int position = _json.Number(approval, "position", "");
        string? part = DialectJson.Has(approval, "part") ? _json.Text(approval, "part", "") : null;
        var rule = rules[element]!;
        if (part is not null && rule.Parts?.Items.Any(item => item.Key == part) != true)
            throw _json.Wrong("", "partialApproval.part", $"is no part of DE{element}");
        if (position < 1 || position > rule.LengthMax)
            throw _json.Wrong("", "partialApproval.position", $"must lie within DE{element}");
        return new PartialApprovalRule(element, position, PartialValues(approval)) { Part = part };
    }

    private VerificationValueRule? ReadVerificationValue(JsonElement root, ElementRule?[] rules)
    {
        if (!root.TryGetProperty("verificationValue", out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        int element = Defined(rules, _json.Number(value, "de", ""), "verificationValue.de");
        int position = DialectJson.Has(value, "position") ? _json.Number(value, "position", "") : 1;
        string? part = DialectJson.Has(value, "part") ? _json.Text(value, "part", "") : null;
        string? tag = DialectJson.Has(value, "tag") ? _json.Text(value, "tag", "") : null;
        if (part is not null && rules[element]!.Parts?.Items.Any(item => item.Key == part) != true)
            throw _json.Wrong("", "verificationValue.part", $"is no part of DE{element}");
        if (position < 1 || position > rules[element]!.LengthMax)
            throw _json.Wrong("", "verificationValue.position", $"must lie within DE{element}");
        if (tag is not null && (tag.Length != 2 || !tag.All(char.IsAsciiDigit)))
            throw _json.Wrong("", "verificationValue.tag", "must be two digits");
        return new VerificationValueRule(element, position) { Part = part, Tag = tag };
    }

    private int Defined(ElementRule?[] rules, int element, string key) =>
        element >= 2 && element < rules.Length && rules[element] is not null
            ? element
            : throw _json.Wrong("", key, $"names DE{element}, which is not defined");

    private ImmutableArray<byte> PartialValues(JsonElement approval)
    {
        if (!approval.TryGetProperty("values", out var values) || values.ValueKind != JsonValueKind.Array)
            throw _json.Wrong("", "partialApproval.values", "must be an array");
        var characters = ImmutableArray.CreateBuilder<byte>();
        foreach (var value in values.EnumerateArray())
        {
            string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            if (text is not { Length: 1 } || !Ascii.IsValid(text))
                throw _json.Wrong("", "partialApproval.values", "must hold single ASCII characters");
            characters.Add((byte)text[0]);
        }

        return characters.Count > 0
            ? characters.ToImmutable()
            : throw _json.Wrong("", "partialApproval.values", "must not be empty");
    }

    private static readonly (string Word, int Value)[] Versions = [("1987", 1987), ("1993", 1993), ("2003", 2003)];
}
