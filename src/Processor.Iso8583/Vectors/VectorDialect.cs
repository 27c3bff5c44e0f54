using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Processor.Iso8583.Vectors;

/// <summary>
/// Translates the dialect of a test vector into a dialect of ours. Vectors carry their dialect with them, in a small
/// vocabulary that <c>specs/iso8583/golden/vectors.md</c> explains.
/// </summary>
public static class VectorDialect
{
    /// <summary>The dialect that a vector describes.</summary>
    /// <exception cref="DialectException">It uses a word that the vocabulary does not have, or leaves one out.</exception>
    public static Dialect Read(JsonElement vector)
    {
        JsonObject dialect;
        try
        {
            dialect = Translate(vector);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DialectException($"vector: {exception.Message}", exception);
        }

        return Dialect.Parse(JsonSerializer.SerializeToUtf8Bytes(dialect));
    }

    private static JsonObject Translate(JsonElement vector)
    {
        var bitmap = vector.GetProperty("bitmap");
        bool isFixed = bitmap.TryGetProperty("fixed_units", out var units);
        int count = isFixed ? units.GetInt32() : VectorJson.Number(bitmap, "max_units", absent: 1);
        var dialect = new JsonObject
        {
            ["name"] = "vector",
            ["mti"] = new JsonObject { ["encoding"] = vector.GetProperty("mti").GetProperty("enc").GetString() },
            ["bitmap"] = Bitmap(bitmap, isFixed, count),
            ["elements"] = Elements(vector, isFixed, count),
        };
        if (vector.TryGetProperty("header", out var header))
            dialect["header"] = new JsonArray([.. header.EnumerateArray().Select(HeaderPart)]);
        return dialect;
    }

    private static JsonObject Bitmap(JsonElement bitmap, bool isFixed, int count)
    {
        bool isLower = bitmap.TryGetProperty("lower", out var lower) && lower.GetBoolean();
        var encodings = new JsonArray();
        if (bitmap.TryGetProperty("unit_encs", out var each))
        {
            foreach (var one in each.EnumerateArray().Take(count))
                encodings.Add(BitmapWord(one.GetString(), isLower));
        }

        var translated = new JsonObject
        {
            ["encoding"] = BitmapWord(VectorJson.Text(bitmap, "enc") ?? "binary", isLower),
            [isFixed ? "fixed" : "max"] = count,
        };
        if (encodings.Count > 0)
            translated["encodings"] = encodings;
        return translated;
    }

    private static string? BitmapWord(string? word, bool isLower) => word switch
    {
        "hex-ascii" => isLower ? "hex-lower" : "hex",
        _ => word,
    };

    private static JsonObject HeaderPart(JsonElement part)
    {
        string name = VectorJson.Text(part, "name") ?? "header";
        var translated = new JsonObject
        {
            ["name"] = name,
            ["bytes"] = part.GetProperty("bytes").GetInt32(),
            ["encoding"] = part.GetProperty("enc").GetString() switch { "ebcdic" => "ebcdic-500", var word => word },
        };
        if (VectorJson.Text(part, "role") == "frame-length")
        {
            translated["role"] = "frame-length";
            translated["adjust"] = VectorJson.Number(part, "adjust", absent: 0);
        }

        return translated;
    }

    private static JsonArray Elements(JsonElement vector, bool isFixed, int count)
    {
        var elements = new JsonArray();
        if (!vector.TryGetProperty("fields", out var fields))
            return elements;
        foreach (var field in fields.EnumerateObject())
        {
            if (!int.TryParse(field.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                throw new FormatException($"{field.Name} is no element.");
            bool isAnnouncement = (number == 1 && (isFixed || count > 1)) || (number == 65 && count == 3);
            if (number == 0 || isAnnouncement || number > 64 * count)
                continue;
            var element = VectorField.Translate(field.Value, field.Name);
            element["de"] = number;
            elements.Add(element);
        }

        return elements;
    }
}
