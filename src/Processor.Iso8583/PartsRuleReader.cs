using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Processor.Iso8583;

/// <summary>Reads what a dialect file says about the parts of an element.</summary>
internal sealed class PartsRuleReader(DialectJson json, ElementRuleReader elements)
{
    private const int DepthMax = 6;
    private const int TagBytesMax = 8;

    private static readonly string[] Keys =
    [
        "kind", "ofText", "short", "tag", "length", "value", "order", "prefix", "header", "bitmap", "bitmapped", "bitmappedBytes", "items",
        "note",
    ];

    private static readonly string[] TagKeys = ["bytes", "encoding"];
    private static readonly string[] LengthKeys = ["bytes", "encoding", "includes"];

    /// <summary>The parts of an element, or null when it names none.</summary>
    public PartsRule? Read(JsonElement element, string place, string path, int depth = 0)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("parts", out var parts))
            return null;
        if (depth == DepthMax)
            throw json.Wrong(place, "parts", $"are nested deeper than {DepthMax}");
        json.CheckKeys(parts, Keys, place);
        var kind = json.Word(parts, "kind", place, DialectWords.PartsKinds);
        var widths = kind == PartsKind.Tlv ? ReadWidths(parts, place) : default;
        var value = widths.Value;
        bool isTagged = kind is PartsKind.Tlv or PartsKind.BerTlv or PartsKind.Datasets;
        int bitMax = kind == PartsKind.Bitmap ? 8 * BitmapNumber(parts, place) : 0;
        var items = ReadItems(parts, "items", place, path, depth, item => isTagged
            ? (0, TagOf(item, kind, widths, place), value)
            : (bitMax > 0 ? BitOf(item, place, bitMax) : NumberOf(item, place), [], null));
        if (items.IsEmpty && kind is PartsKind.Positional or PartsKind.Bitmap)
            throw json.Wrong(place, "parts.items", "must not be empty");
        return new PartsRule(kind, items, value ?? ContentEncoding.Binary)
        {
            IsShortAllowed = json.Flag(parts, "short", place),
            Prefix = ReadItems(parts, "prefix", place, path, depth, item => (NumberOf(item, place), [], null)),
            TagBytes = widths.TagBytes,
            TagEncoding = widths.Tag,
            LengthBytes = widths.LengthBytes,
            LengthEncoding = widths.Length,
            LengthIncludes = widths.Includes,
            IsLengthFirst = json.Word(parts, "order", place, DialectWords.TlvOrders, absent: false),
            IsOfText = json.Flag(parts, "ofText", place),
            HeaderBytes = json.Number(parts, "header", place, absent: 0, 0, 255),
            BitmapBytes = BitmapNumber(parts, place),
            BitmapEncoding = BitmapEncodingOf(parts, place),
            BitmappedIds = ReadIds(parts, place),
            BitmappedBytes = json.Number(parts, "bitmappedBytes", place, absent: 1, 1, 255),
        };
    }

    private ImmutableArray<PartRule> ReadItems(
        JsonElement parts,
        string key,
        string place,
        string path,
        int depth,
        Func<JsonElement, (int Number, ImmutableArray<byte> Tag, ContentEncoding? Value)> identify)
    {
        if (!DialectJson.Has(parts, key))
            return [];
        var items = ImmutableArray.CreateBuilder<PartRule>();
        foreach (var item in json.Array(parts, key, place).EnumerateArray())
        {
            string name = json.Text(item, "key", place);
            string itemPath = path.Length == 0 ? name : $"{path}.{name}";
            string itemPlace = $"{place}part {itemPath}: ";
            var (number, tag, value) = identify(item);
            if (items.Any(one => one.Key == name))
                throw json.Wrong(itemPlace, "key", "stands twice");
            var nested = Read(item, itemPlace, itemPath, depth + 1);
            var rule = tag.IsEmpty || DialectJson.Has(item, "format")
                ? elements.Read(item, 0, itemPlace, nested)
                : ValueRule(DialectJson.Has(item, "name") ? json.Text(item, "name", itemPlace) : name, value ?? ContentEncoding.Binary, SensitivityOf(item, itemPlace), nested);
            int position = number != 0 || !tag.IsEmpty ? number : items.Count + 1;
            items.Add(new PartRule(name, itemPath, position, tag, rule));
        }

        return items.ToImmutable();
    }

    /// <summary>The rule of a TLV value of which nothing is known but how the values of its element are written.</summary>
    internal static ElementRule ValueRule(string name, ContentEncoding encoding, Sensitivity sensitivity, PartsRule? parts)
    {
        // What is made of parts is checked part by part.
        if (parts is not null && encoding is ContentEncoding.Ascii or ContentEncoding.Bcd)
            encoding = ContentEncoding.Latin1;
        bool isBytes = encoding is ContentEncoding.Binary or ContentEncoding.Hex or ContentEncoding.HexEbcdic;
        var characters = isBytes ? CharacterClass.B : encoding == ContentEncoding.Bcd ? CharacterClass.N : CharacterClass.Any;
        return new ElementRule(
            0, name, "", characters, 999_999, LengthEncoding.Fixed, 0, encoding, NibblePad.Left0, sensitivity)
        { Parts = parts };
    }

    private Sensitivity SensitivityOf(JsonElement item, string place) =>
        json.Word(item, "sensitive", place, DialectWords.Sensitivities, Sensitivity.None);

    private int NumberOf(JsonElement item, string place)
    {
        string key = json.Text(item, "key", place);
        return int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
    }

    private int BitOf(JsonElement item, string place, int last)
    {
        int bit = NumberOf(item, place);
        return bit >= 1 && bit <= last ? bit : throw json.Wrong(place, "key", $"{json.Text(item, "key", place)} is no bit of its bitmap: 1 to {last}");
    }

    private ImmutableArray<byte> TagOf(JsonElement item, PartsKind kind, in Widths widths, string place)
    {
        string key = json.Text(item, "key", place);
        byte[] latin1 = Encoding.Latin1.GetBytes(key);
        byte[]? tag = kind == PartsKind.Tlv ? TextTag(latin1, widths) : [.. latin1];
        bool isHex = tag is null || kind != PartsKind.Tlv;
        if (isHex)
        {
            tag = new byte[latin1.Length / 2];
            if (latin1.Length % 2 != 0 || !Content.FromHex(latin1, tag))
                throw json.Wrong(place, "key", $"{key} is not a tag in hexadecimal");
        }

        if (kind == PartsKind.Tlv && tag!.Length != widths.TagBytes)
            throw json.Wrong(place, "key", $"{key} is not {widths.TagBytes} bytes long");
        return [.. tag!];
    }

    private static byte[]? TextTag(byte[] latin1, in Widths widths)
    {
        if (widths.Tag is ContentEncoding.Binary or ContentEncoding.Bcd)
            return null;
        if (CodePage.Of(widths.Tag) is not { } page)
            return latin1;
        byte[] ebcdic = new byte[latin1.Length];
        page.FromLatin1(latin1, ebcdic);
        return ebcdic;
    }

    private Widths ReadWidths(JsonElement parts, string place)
    {
        var tag = json.Child(parts, "tag", place);
        json.CheckKeys(tag, TagKeys, place);
        var length = json.Child(parts, "length", place);
        json.CheckKeys(length, LengthKeys, place);
        return new Widths(
            json.Number(tag, "bytes", place, absent: 0, 1, TagBytesMax),
            json.Word(tag, "encoding", place, DialectWords.ContentEncodings),
            json.Number(length, "bytes", place, absent: 0, 1, 6),
            json.Word(length, "encoding", place, DialectWords.LengthEncodings),
            json.Number(length, "includes", place, absent: 0, 0, 99),
            json.Word(json.Child(parts, "value", place), "encoding", place, DialectWords.ContentEncodings));
    }

    private int BitmapNumber(JsonElement parts, string place) =>
        DialectJson.Has(parts, "bitmap") ? json.Number(json.Child(parts, "bitmap", place), "bytes", place, absent: 8, 1, 24) : 8;

    private ContentEncoding BitmapEncodingOf(JsonElement parts, string place) =>
        DialectJson.Has(parts, "bitmap")
            ? json.Word(json.Child(parts, "bitmap", place), "encoding", place, PartBitmapEncodings)
            : ContentEncoding.Binary;

    private ImmutableArray<byte> ReadIds(JsonElement parts, string place)
    {
        if (!DialectJson.Has(parts, "bitmapped"))
            return [];
        var ids = ImmutableArray.CreateBuilder<byte>();
        foreach (var id in json.Array(parts, "bitmapped", place).EnumerateArray())
        {
            if (id.ValueKind != JsonValueKind.String
                || !byte.TryParse(id.GetString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                throw json.Wrong(place, "bitmapped", "holds identifiers of two hexadecimal digits");
            }

            ids.Add(value);
        }

        return ids.ToImmutable();
    }

    private static readonly (string Word, ContentEncoding Value)[] PartBitmapEncodings =
    [
        ("binary", ContentEncoding.Binary), ("hex", ContentEncoding.Hex), ("hex-ebcdic", ContentEncoding.HexEbcdic),
    ];

    private readonly record struct Widths(
        int TagBytes,
        ContentEncoding Tag,
        int LengthBytes,
        LengthEncoding Length,
        int Includes,
        ContentEncoding? Value);
}
