using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Processor.Iso8583.Vectors;

/// <summary>Translates one field of a vector's dialect, or one part of a field, into an element of ours.</summary>
internal static class VectorField
{
    private const long LengthMax = 999_999;
    private const long SignedDigitsMax = 999_998;

    /// <summary>Everything of the element but its number.</summary>
    public static JsonObject Translate(JsonElement field, string name)
    {
        string encoding = field.GetProperty("enc").GetString() ?? "";
        int lengthBytes = VectorJson.Number(field, "len_bytes", absent: 0);
        bool isVariable = lengthBytes > 0;
        bool countsDigits = VectorJson.Text(field, "len_counts") == "digits";
        long most = field.GetProperty("max").GetInt64();
        string? lengthEncoding = isVariable ? VectorJson.Text(field, "len_enc") ?? "ascii" : null;
        if (lengthEncoding is not null)
            most = Math.Min(most, LargestLength(lengthEncoding, lengthBytes));
        bool hasSigns = field.TryGetProperty("nibble_map", out var map) && map.EnumerateObject().Any(one => one.Value.GetString() != "");

        var (word, letters, units, counts) = encoding switch
        {
            "binary" => ("binary", "b", countsDigits ? most / 2 : most, countsDigits ? "nibbles" : null),
            "hex-ascii" => ("hex", "b", most / 2, "characters"),
            "hex-ebcdic" => ("hex-ebcdic", "b", most / 2, "characters"),
            "bcd" => ("bcd", hasSigns ? "z" : "n", countsDigits ? most : 2 * most, countsDigits ? null : "bytes"),
            "sign-bcd" => ("bcd", "x+n", Math.Clamp(2 * (most - 1), 0, SignedDigitsMax), isVariable ? "bytes" : null),
            "ebcdic" => ("ebcdic-500", Letters(field), most, null),
            "latin1" when Letters(field) == "any" => ("latin1", "any", most, null),
            "ascii" or "latin1" => ("ascii", Letters(field), most, (string?)null),
            _ => throw new FormatException($"{encoding} is no encoding."),
        };

        string length = Math.Min(units, LengthMax).ToString(CultureInfo.InvariantCulture);
        var element = new JsonObject
        {
            ["name"] = name,
            ["format"] = letters + (isVariable ? new string('.', length.Length) : "") + length,
            ["encoding"] = word,
        };
        if (lengthEncoding is not null)
        {
            element["length"] = $"{lengthEncoding}-{(lengthEncoding == "bcd" ? 2 * lengthBytes : lengthBytes)}";
            if (counts is not null)
                element["counts"] = counts;
        }

        if (encoding == "bcd")
            AddNibbles(element, field, isVariable, countsDigits);
        if (field.TryGetProperty("sub", out var sub))
            element["parts"] = VectorParts.Translate(sub, encoding);
        return element;
    }

    private static string Letters(JsonElement field) => VectorJson.Text(field, "charset") switch
    {
        null => "any",
        "n" => "n",
        var other => throw new FormatException($"{other} is no charset."),
    };

    private static void AddNibbles(JsonObject element, JsonElement field, bool isVariable, bool countsDigits)
    {
        if (VectorJson.Text(field, "nibble_pad") is { } pad)
            element["pad"] = Lower(pad);
        else if (isVariable && countsDigits)
            element["pad"] = "none";
        var nibbles = new JsonObject();
        bool hasMap = field.TryGetProperty("nibble_map", out var map);
        // Bytes do not tell how many digits they hold; a filler does.
        if ((!isVariable || hasMap) && !countsDigits && VectorJson.Text(field, "nibble_pad") == "right-F")
            nibbles["f"] = "";
        if (hasMap)
        {
            foreach (var sign in map.EnumerateObject())
                nibbles[Lower(sign.Name)] = sign.Value.GetString();
        }

        if (nibbles.Count == 0)
            return;
        element["nibbles"] = nibbles;
    }

    private static string Lower(string word) => string.Concat(word.Select(char.ToLowerInvariant));

    private static long LargestLength(string encoding, int bytes) => encoding switch
    {
        "binary" => bytes >= 4 ? LengthMax : (1L << (8 * bytes)) - 1,
        "bcd" => Nines(2 * bytes),
        _ => Nines(bytes),
    };

    private static long Nines(int digits)
    {
        long value = 0;
        for (int index = 0; index < Math.Min(digits, 6); index++)
            value = value * 10 + 9;
        return value;
    }
}
