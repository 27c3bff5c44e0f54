using System.Text.Json;

namespace Processor.Iso8583.Vectors;

/// <summary>Optional keys of a vector's dialect.</summary>
internal static class VectorJson
{
    public static string? Text(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out var value) ? value.GetString() : null;

    public static int Number(JsonElement parent, string key, int absent) =>
        parent.TryGetProperty(key, out var value) ? value.GetInt32() : absent;

    public static bool Flag(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.True;
}
