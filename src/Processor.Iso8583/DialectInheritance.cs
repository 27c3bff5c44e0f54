using System.Text.Json;
using System.Text.Json.Nodes;

namespace Processor.Iso8583;

/// <summary>Puts a dialect that extends another together with it: what the child says counts, key by key.</summary>
internal static class DialectInheritance
{
    private const int DepthMax = 8;

    /// <summary>The dialect with everything it inherits.</summary>
    /// <param name="json">The dialect's file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="open">Gives the file of a base dialect by name.</param>
    public static byte[] Flatten(byte[] json, string file, Func<string, byte[]> open) => Flatten(json, file, open, 0);

    private static byte[] Flatten(byte[] json, string file, Func<string, byte[]> open, int depth)
    {
        JsonObject? child;
        try
        {
            child = JsonNode.Parse(json) as JsonObject;
            if (child?["extends"] is not JsonValue name)
                return CheckAlone(child, json, file);
            if (depth == DepthMax)
                throw new DialectException($"{file}: extends goes deeper than {DepthMax} dialects.");
            string baseName = name.TryGetValue(out string? text) ? text : throw new DialectException($"{file}: extends must be a text.");
            byte[] parent = Flatten(Open(baseName, file, open), baseName, open, depth + 1);
            return JsonSerializer.SerializeToUtf8Bytes(Merge((JsonObject)JsonNode.Parse(parent)!, child, file));
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new DialectException($"{file}: not JSON: {exception.Message}", exception);
        }
    }

    private static byte[] CheckAlone(JsonObject? dialect, byte[] json, string file)
    {
        foreach (string key in (string[])["without", "recode"])
        {
            if (dialect?.ContainsKey(key) == true)
                throw new DialectException($"{file}: {key} is about what is inherited, and the file extends nothing.");
        }

        return json;
    }

    private static byte[] Open(string name, string file, Func<string, byte[]> open)
    {
        try
        {
            return open(name);
        }
        catch (DialectException exception) when (exception.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DialectException($"{file}: extends {name}, which is neither beside it nor among the dialects that ship.", exception);
        }
    }

    private static JsonObject Merge(JsonObject parent, JsonObject child, string file)
    {
        var merged = new JsonObject();
        foreach (var (key, value) in parent)
        {
            if (key is not ("$schema" or "elements" or "description") && !child.ContainsKey(key))
                merged[key] = value?.DeepClone();
        }

        foreach (var (key, value) in child)
        {
            if (key is not ("extends" or "elements" or "without" or "recode") && value is not null)
                merged[key] = value.DeepClone();
        }

        CheckRecode(child, file);
        var elements = new SortedDictionary<int, JsonObject>();
        foreach (var element in ElementsOf(parent, file))
            elements[NumberOf(element, file)] = Recode(element, child["recode"] as JsonObject);
        foreach (var removed in child["without"] as JsonArray ?? [])
        {
            if (removed is not JsonValue value || !value.TryGetValue(out int number) || !elements.Remove(number))
                throw new DialectException($"{file}: without names an element that is not inherited.");
        }

        var changed = new HashSet<int>();
        foreach (var element in ElementsOf(child, file))
        {
            int number = NumberOf(element, file);
            if (!changed.Add(number))
                throw new DialectException($"{file}: DE{number}: de stands twice.");
            elements[number] = elements.TryGetValue(number, out var inherited) ? Overlay(inherited, element) : (JsonObject)element.DeepClone();
        }

        merged["elements"] = new JsonArray([.. elements.Values]);
        return merged;
    }

    private static JsonObject Overlay(JsonObject inherited, JsonObject element)
    {
        foreach (var (key, value) in element)
        {
            if (value is null)
                inherited.Remove(key);
            else
                inherited[key] = value.DeepClone();
        }

        // What was true of the other format is not inherited with it.
        if (element["format"] is { } format && !format.ToString().Contains('.', StringComparison.Ordinal) && element["length"] is null)
        {
            inherited.Remove("length");
            inherited.Remove("counts");
        }

        if (element["encoding"] is { } encoding && encoding.ToString() != "bcd")
        {
            inherited.Remove("pad");
            inherited.Remove("nibbles");
        }

        return inherited;
    }

    // recode: { "content": { "ascii": "ebcdic-500" }, "length": { "ascii": "ebcdic" } } rewrites what is inherited.
    private static JsonObject Recode(JsonObject element, JsonObject? recode)
    {
        var copy = (JsonObject)element.DeepClone();
        if (recode?["content"] is JsonObject contents && copy["encoding"]?.ToString() is { } encoding && contents[encoding] is { } content)
            copy["encoding"] = content.DeepClone();
        if (recode?["length"] is JsonObject lengths && copy["length"]?.ToString() is { } length)
        {
            int dash = length.IndexOf('-', StringComparison.Ordinal);
            if (dash > 0 && lengths[length[..dash]] is { } other)
                copy["length"] = other + length[dash..];
        }

        return copy;
    }

    private static void CheckRecode(JsonObject child, string file)
    {
        if (!child.TryGetPropertyValue("recode", out var recode))
            return;
        bool isRight = recode is JsonObject kinds && kinds.All(kind => kind.Key is "content" or "length" && kind.Value is JsonObject words
            && words.All(word => word.Value is JsonValue value && value.TryGetValue(out string? _)));
        if (!isRight)
            throw new DialectException($"{file}: recode has the keys content and length, each with encodings and what they become.");
    }

    private static IEnumerable<JsonObject> ElementsOf(JsonObject dialect, string file) => dialect["elements"] switch
    {
        null => [],
        JsonArray array when array.All(one => one is JsonObject) => array.Cast<JsonObject>(),
        _ => throw new DialectException($"{file}: elements must be an array of objects."),
    };

    private static int NumberOf(JsonObject element, string file) =>
        element["de"] is JsonValue value && value.TryGetValue(out int number)
            ? number
            : throw new DialectException($"{file}: de must be a whole number.");
}
