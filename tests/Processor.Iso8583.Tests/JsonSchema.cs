using System.Text.Json;
using System.Text.RegularExpressions;

namespace Processor.Iso8583.Tests;

/// <summary>The part of JSON Schema that the dialect schema uses. A keyword it does not know is an error, not a pass.</summary>
internal sealed class JsonSchema
{
    private readonly JsonElement _root;

    private JsonSchema(JsonElement root) => _root = root;

    public static JsonSchema Load(string path) => new(JsonDocument.Parse(File.ReadAllBytes(path)).RootElement.Clone());

    public IReadOnlyList<string> Check(JsonElement value)
    {
        var errors = new List<string>();
        Check(_root, value, "", errors);
        return errors;
    }

    private void Check(JsonElement schema, JsonElement value, string path, List<string> errors)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            bool passes = keyword.Name switch
            {
                "$schema" or "$defs" or "title" or "description" => true,
                "$ref" => CheckReference(keyword.Value.GetString()!, value, path, errors),
                "type" => keyword.Value.ValueKind == JsonValueKind.Array
                    ? keyword.Value.EnumerateArray().Any(one => HasType(one.GetString()!, value))
                    : HasType(keyword.Value.GetString()!, value),
                "enum" => keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
                "pattern" => value.ValueKind != JsonValueKind.String
                    || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!),
                "minimum" => value.ValueKind != JsonValueKind.Number || value.GetInt32() >= keyword.Value.GetInt32(),
                "maximum" => value.ValueKind != JsonValueKind.Number || value.GetInt32() <= keyword.Value.GetInt32(),
                "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32(),
                "required" => value.ValueKind != JsonValueKind.Object
                    || keyword.Value.EnumerateArray().All(key => value.TryGetProperty(key.GetString()!, out _)),
                "additionalProperties" => value.ValueKind != JsonValueKind.Object
                    || value.EnumerateObject().All(one => schema.GetProperty("properties").TryGetProperty(one.Name, out _)),
                "properties" => CheckProperties(keyword.Value, value, path, errors),
                "items" => CheckItems(keyword.Value, value, path, errors),
                _ => throw new NotSupportedException($"JSON Schema keyword {keyword.Name}."),
            };
            if (!passes)
                errors.Add($"{path}: {keyword.Name}");
        }
    }

    private bool CheckReference(string reference, JsonElement value, string path, List<string> errors)
    {
        var target = _root;
        foreach (string step in reference[2..].Split('/'))
            target = target.GetProperty(step);
        Check(target, value, path, errors);
        return true;
    }

    private bool CheckProperties(JsonElement properties, JsonElement value, string path, List<string> errors)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return true;
        foreach (var property in properties.EnumerateObject())
        {
            if (value.TryGetProperty(property.Name, out var child))
                Check(property.Value, child, $"{path}/{property.Name}", errors);
        }

        return true;
    }

    private bool CheckItems(JsonElement items, JsonElement value, string path, List<string> errors)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return true;
        int index = 0;
        foreach (var item in value.EnumerateArray())
            Check(items, item, $"{path}/{index++}", errors);
        return true;
    }

    private static bool HasType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "null" => value.ValueKind == JsonValueKind.Null,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
        _ => throw new NotSupportedException($"JSON Schema type {type}."),
    };
}
