using System.Text.Json;

namespace Processor.Iso8583;

/// <summary>The keys of a dialect file, read strictly: whatever is wrong is named by file, place and key.</summary>
/// <param name="File">The file, for messages.</param>
internal sealed record DialectJson(string File)
{
    public static bool Has(JsonElement parent, string key) => parent.TryGetProperty(key, out _);

    public JsonElement Child(JsonElement parent, string key, string place) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(key, out var child)
            ? child
            : throw Wrong(place, key, "is missing");

    public JsonElement Array(JsonElement parent, string key, string place) =>
        Child(parent, key, place) is { ValueKind: JsonValueKind.Array } array ? array : throw Wrong(place, key, "must be an array");

    public string Text(JsonElement parent, string key, string place)
    {
        var value = Child(parent, key, place);
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw Wrong(place, key, "must be a text");
    }

    public int Number(JsonElement parent, string key, string place)
    {
        var value = Child(parent, key, place);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw Wrong(place, key, "must be a whole number");
    }

    /// <summary>A whole number within bounds, or the given one where the key is absent.</summary>
    public int Number(JsonElement parent, string key, string place, int absent, int min, int max)
    {
        if (!Has(parent, key))
            return absent;
        int number = Number(parent, key, place);
        return number >= min && number <= max ? number : throw Wrong(place, key, $"must be {min} to {max}");
    }

    public bool Flag(JsonElement parent, string key, string place)
    {
        if (!parent.TryGetProperty(key, out var value))
            return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Wrong(place, key, "must be true or false");
    }

    public void CheckKeys(JsonElement json, string[] allowed, string place)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw Wrong(place, "elements", "must hold objects");
        foreach (var property in json.EnumerateObject())
        {
            if (!allowed.Contains(property.Name))
                throw Wrong(place, property.Name, "is no key of a dialect");
        }
    }

    public T Word<T>(JsonElement parent, string key, string place, (string Word, T Value)[] words) =>
        Word(Text(parent, key, place), key, place, words);

    /// <summary>A word of a list, or the given value where the key is absent.</summary>
    public T Word<T>(JsonElement parent, string key, string place, (string Word, T Value)[] words, T absent) =>
        Has(parent, key) ? Word(parent, key, place, words) : absent;

    public T Word<T>(string text, string key, string place, (string Word, T Value)[] words)
    {
        foreach (var (word, value) in words)
        {
            if (word == text)
                return value;
        }

        throw Wrong(place, key, $"{text} is not one of {string.Join(", ", words.Select(word => word.Word))}");
    }

    /// <param name="place">Empty, or such as <c>DE48: </c>.</param>
    /// <param name="key">The key, as in the file.</param>
    /// <param name="reason">The rest of the sentence.</param>
    public DialectException Wrong(string place, string key, string reason) => new($"{File}: {place}{key} {reason}.");
}
