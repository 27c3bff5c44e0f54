using System.Text.Json;
using Processor.Iso8583;

namespace Processor.Cli.Messages;

/// <summary>The parts of an element in JSON: an object of keys and values, which may be objects again; datasets as pairs in an array.</summary>
internal static class PartsJson
{
    /// <summary>The parts, in the order in which they stand.</summary>
    /// <exception cref="FormatException">The JSON has another form.</exception>
    public static IReadOnlyList<Iso8583Part> Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => [.. json.EnumerateArray().Select(Pair)],
        JsonValueKind.Object => [.. json.EnumerateObject().Select(one => PartOf(one.Name, one.Value))],
        _ => throw new FormatException("Parts are an object of keys and values."),
    };

    private static Iso8583Part Pair(JsonElement pair) =>
        pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
            ? PartOf(pair[0].GetString() ?? "", pair[1])
            : throw new FormatException("Parts in an array are pairs of a key and a value.");

    private static Iso8583Part PartOf(string key, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => new Iso8583Part(key, value.GetString()!),
            JsonValueKind.Object or JsonValueKind.Array => new Iso8583Part(key, Read(value)),
            _ => throw new FormatException($"Part {key}: what it holds stands in quotes."),
        };
}
