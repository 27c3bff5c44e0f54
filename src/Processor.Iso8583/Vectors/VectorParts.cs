using System.Text.Json;
using System.Text.Json.Nodes;

namespace Processor.Iso8583.Vectors;

/// <summary>Translates the <c>sub</c> of a vector's field into the <c>parts</c> of an element of ours.</summary>
internal static class VectorParts
{
    public static JsonObject Translate(JsonElement sub, string container) => VectorJson.Text(sub, "kind") switch
    {
        "positional" => Positional(sub, container),
        "tlv" => Tlv(sub, container),
        "ber-tlv" => Tagged(sub, "ber-tlv", container),
        "bitmapped" => Bitmapped(sub),
        "datasets" => Datasets(sub),
        var other => throw new FormatException($"{other} is no kind of parts."),
    };

    private static JsonObject Positional(JsonElement sub, string container)
    {
        var list = sub.GetProperty("parts");
        var parts = new JsonObject { ["kind"] = "positional", ["items"] = Items(list) };
        if (VectorJson.Flag(sub, "allow_short"))
            parts["short"] = true;
        // Digits in BCD that are divided as characters are divided once they have been read.
        bool isOfText = container is "bcd" or "sign-bcd"
            && list.EnumerateArray().Any(part => part[1].GetProperty("enc").GetString() is "ascii" or "latin1");
        if (isOfText)
            parts["ofText"] = true;
        return parts;
    }

    private static JsonArray Items(JsonElement list)
    {
        var items = new JsonArray();
        foreach (var part in list.EnumerateArray())
        {
            string key = part[0].ValueKind == JsonValueKind.String ? part[0].GetString()! : part[0].GetRawText();
            var item = VectorField.Translate(part[1], key);
            item["key"] = key;
            items.Add(item);
        }

        return items;
    }

    private static JsonObject Tlv(JsonElement sub, string container)
    {
        var parts = Tagged(sub, "tlv", container);
        var tag = sub.GetProperty("tag");
        var length = sub.GetProperty("len");
        parts["tag"] = new JsonObject { ["bytes"] = tag.GetProperty("bytes").GetInt32(), ["encoding"] = ContentWord(tag) };
        parts["length"] = new JsonObject
        {
            ["bytes"] = length.GetProperty("bytes").GetInt32(),
            ["encoding"] = VectorJson.Text(length, "enc") ?? "ascii",
            ["includes"] = VectorJson.Number(length, "includes", absent: 0),
        };
        bool hasValue = sub.TryGetProperty("value", out var value);
        parts["value"] = new JsonObject { ["encoding"] = hasValue ? ContentWord(value) : "binary" };
        if (VectorJson.Text(sub, "order") == "len-tag")
            parts["order"] = "length-tag";
        return parts;
    }

    private static JsonObject Tagged(JsonElement sub, string kind, string container)
    {
        var items = new JsonArray();
        if (sub.TryGetProperty("nested", out var nested))
        {
            foreach (var one in nested.EnumerateObject())
                items.Add(new JsonObject { ["key"] = one.Name, ["name"] = one.Name, ["parts"] = Translate(one.Value, container) });
        }

        var parts = new JsonObject { ["kind"] = kind, ["items"] = items };
        if (sub.TryGetProperty("prefix_parts", out var prefix) && prefix.ValueKind == JsonValueKind.Array)
            parts["prefix"] = Items(prefix);
        return parts;
    }

    private static JsonObject Bitmapped(JsonElement sub)
    {
        var items = new JsonArray();
        foreach (var field in sub.GetProperty("fields").EnumerateObject())
        {
            var item = VectorField.Translate(field.Value, field.Name);
            item["key"] = field.Name;
            items.Add(item);
        }

        var bitmap = sub.GetProperty("bitmap");
        return new JsonObject
        {
            ["kind"] = "bitmap",
            ["header"] = VectorJson.Number(sub, "header_bytes", absent: 0),
            ["bitmap"] = new JsonObject
            {
                ["bytes"] = VectorJson.Number(bitmap, "bytes", absent: 8),
                ["encoding"] = VectorJson.Text(bitmap, "enc") switch { null => "binary", "hex-ascii" => "hex", var word => word },
            },
            ["items"] = items,
        };
    }

    private static JsonObject Datasets(JsonElement sub)
    {
        var ids = new JsonArray();
        if (sub.TryGetProperty("dbm_ids", out var list))
        {
            foreach (var id in list.EnumerateArray())
                ids.Add(id.GetString());
        }

        return new JsonObject
        {
            ["kind"] = "datasets",
            ["bitmapped"] = ids,
            ["bitmappedBytes"] = VectorJson.Number(sub, "dbm_element_bytes", absent: 1),
        };
    }

    private static string ContentWord(JsonElement parent) => VectorJson.Text(parent, "enc") switch
    {
        "ebcdic" => "ebcdic-500",
        "hex-ascii" => "hex",
        var word => word ?? "ascii",
    };
}
