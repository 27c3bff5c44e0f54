using System.Text.Json;
using Processor.Iso8583;

namespace Processor.Cli.Messages;

/// <summary>The parts of an element in JSON: an object of keys and values, which may be objects again; datasets as pairs in an array.</summary>
internal static class PartsJson
{
    /// <summary>The parts, in the order in which they stand.</summary>
    /// <exception cref="InvalidOperationException">The JSON has another form.</exception>
    public static IReadOnlyList<Iso8583Part> Read(JsonElement json)
    {
        return json.ValueKind == JsonValueKind.Array
            ? [.. json.EnumerateArray().Select(Pair)]
            : [.. json.EnumerateObject().Select(one => PartOf(one.Name, one.Value))];
    }

    private static Iso8583Part Pair(JsonElement pair) =>
        pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
            ? PartOf(pair[0].GetString() ?? "", pair[1])
            : throw new FormatException("Parts in an array are pairs of a key and a value.");

    private static Iso8583Part PartOf(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? new Iso8583Part(key, value.GetString()!) : new Iso8583Part(key, Read(value));
}
