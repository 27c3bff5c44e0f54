using System.Text.Json;
using System.Text.RegularExpressions;
using Processor.Testing;
using Xunit;

namespace Processor.Api.Tests;

/// <summary>Holds every answer against <c>specs/api/openapi.json</c>: its status, its media type and the shape of its body.</summary>
internal static class OpenApiContract
{
    private static readonly JsonElement Document = JsonElement.Parse(File.ReadAllText(RepositoryRoot.Specs("api", "openapi.json")));

    /// <summary>Method and path of each operation.</summary>
    internal static IEnumerable<string> Operations =>
        Document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));

    internal static void Check(string method, string path, int status, string? mediaType, string text)
    {
        if (FindOperation(method, path.Split('?')[0]) is not { } operation)
            return;
        Assert.True(operation.GetProperty("responses").TryGetProperty(status.ToString(System.Globalization.CultureInfo.InvariantCulture), out var response), $"{method} {path}: {status} is not in the document. {text}");
        response = Resolve(response);
        var content = Assert.Single(response.GetProperty("content").EnumerateObject());
        Assert.Equal(content.Name, mediaType);
        Check(content.Value.GetProperty("schema"), JsonElement.Parse(text), $"{method} {path} {status}");
    }

    private static JsonElement? FindOperation(string method, string path)
    {
        foreach (var template in Document.GetProperty("paths").EnumerateObject())
        {
            var pattern = "^" + Regex.Replace(template.Name, @"\{\w+\}", "[^/]+") + "$";
            if (Regex.IsMatch(path, pattern) && template.Value.TryGetProperty(method.ToLowerInvariant(), out var operation))
                return operation;
        }

        return null;
    }

    private static JsonElement Resolve(JsonElement element)
    {
        while (element.TryGetProperty("$ref", out var reference))
        {
            element = Document;
            foreach (var part in reference.GetString()!.Split('/')[1..])
                element = element.GetProperty(part);
        }

        return element;
    }

    private static void Check(JsonElement schema, JsonElement value, string at)
    {
        schema = Resolve(schema);
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            var isNull = value.ValueKind == JsonValueKind.Null;
            foreach (var choice in choices.EnumerateArray())
            {
                var allowsNull = Resolve(choice).TryGetProperty("type", out var kind) && kind.ValueKind == JsonValueKind.String && kind.GetString() == "null";
                if (allowsNull == isNull)
                {
                    Check(choice, value, at);
                    return;
                }
            }

            Assert.Fail($"{at}: no choice fits {value.ValueKind}.");
        }

        if (schema.TryGetProperty("type", out var type))
            Assert.True(Types(type).Any(name => IsOf(name, value)), $"{at}: {value.ValueKind} is not {type}.");
        if (value.ValueKind == JsonValueKind.String && schema.TryGetProperty("pattern", out var form))
            Assert.Matches(form.GetString()!, value.GetString()!);
        if (value.ValueKind == JsonValueKind.String && schema.TryGetProperty("x-extensible-enum", out var words))
            Assert.Contains(value.GetString(), words.EnumerateArray().Select(word => word.GetString()));
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var item in value.EnumerateArray())
                Check(items, item, at + "[]");
        }

        if (value.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties))
            CheckMembers(schema, properties, value, at);
    }

    private static void CheckMembers(JsonElement schema, JsonElement properties, JsonElement value, string at)
    {
        foreach (var member in value.EnumerateObject())
        {
            Assert.True(properties.TryGetProperty(member.Name, out var known), $"{at}: {member.Name} is not in the document.");
            Check(known, member.Value, $"{at}.{member.Name}");
        }

        foreach (var name in schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!))
            Assert.True(value.TryGetProperty(name, out _), $"{at}: {name} is missing.");
    }

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(name => name.GetString()!) : [type.GetString()!];

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a type that the document uses."),
    };
}
