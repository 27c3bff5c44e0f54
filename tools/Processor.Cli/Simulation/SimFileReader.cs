using System.Globalization;
using System.Text.Json;
using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>Reads a file of messages, and says of each mistake where it stands.</summary>
/// <param name="json">The file, UTF-8.</param>
/// <param name="path">Its name, for mistakes.</param>
/// <param name="dialect">Says which data elements there are.</param>
internal sealed class SimFileReader(byte[] json, string path, Dialect dialect)
{
    private static readonly JsonReaderOptions Options = new()
    {
        AllowMultipleValues = true,
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private readonly List<SimMessage> messages = [];
    private readonly HashSet<string> names = [];

    /// <summary>All messages in their order.</summary>
    /// <exception cref="SimFileException">The file is wrong.</exception>
    public IReadOnlyList<SimMessage> Read()
    {
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                    ReadMessage(ref reader);
                else if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.EndArray) || reader.CurrentDepth > 0)
                    throw Mistake(in reader, "a message is an object: { \"mti\": ..., \"fields\": ... }");
            }
        }
        catch (JsonException exception)
        {
            throw new SimFileException($"{path}:{exception.LineNumber + 1}: this is no JSON.", exception);
        }

        return messages.Count > 0 ? messages : throw new SimFileException($"{path} holds no message.");
    }

    private void ReadMessage(ref Utf8JsonReader reader)
    {
        int line = LineOf(in reader);
        string? name = null;
        Mti? mti = null;
        Dictionary<int, string>? fields = null;
        Dictionary<int, string> expect = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            switch (key)
            {
                case "name":
                    name = ReadName(ref reader);
                    break;
                case "mti":
                    mti = ReadMti(ref reader);
                    break;
                case "fields":
                    fields = ReadTexts(ref reader, "fields", names);
                    break;
                case "expect":
                    expect = ReadTexts(ref reader, "expect", [.. names, SimVariables.Self]);
                    break;
                default:
                    throw Mistake(in reader, $"a message has no {key}; it has name, mti, fields, expect");
            }
        }

        messages.Add(new(
            line,
            name,
            mti ?? throw Mistake(line, "mti is missing"),
            fields ?? throw Mistake(line, "fields is missing"),
            expect));
        names.Add(SimVariables.Last);
        if (name is not null)
            names.Add(name);
    }

    private string ReadName(ref Utf8JsonReader reader)
    {
        string name = ReadString(ref reader, "name");
        bool isWord = name.Length > 0 && char.IsAsciiLetter(name[0])
            && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
        if (!isWord || name is SimVariables.Last or SimVariables.Self)
            throw Mistake(in reader, $"name: a word of letters, digits, - and _ is wanted, and not {SimVariables.Last} or {SimVariables.Self}");
        return names.Contains(name) ? throw Mistake(in reader, $"name: there is an earlier {name}") : name;
    }

    private Mti ReadMti(ref Utf8JsonReader reader)
    {
        string text = ReadString(ref reader, "mti");
        try
        {
            return Mti.Parse(text);
        }
        catch (FormatException exception)
        {
            throw Mistake(LineOf(in reader), "mti: four digits are wanted", exception);
        }
    }

    private Dictionary<int, string> ReadTexts(ref Utf8JsonReader reader, string part, HashSet<string> known)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw Mistake(in reader, $"{part}: an object is wanted, such as {{ \"39\": \"00\" }}");
        var texts = new Dictionary<int, string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            int element = ReadElement(in reader, part, key);
            string field = element == 0 ? $"{part}.mti" : $"{part}: DE{element}";
            string text = ReadString(ref reader, field);
            if (SimVariables.Check(text, known) is { } problem)
                throw Mistake(in reader, $"{field}: {problem}");
            if (!texts.TryAdd(element, text))
                throw Mistake(in reader, $"{field}: it stands there twice");
        }

        return texts;
    }

    private int ReadElement(in Utf8JsonReader reader, string part, string key)
    {
        if (part == "expect" && key == "mti")
            return 0;
        if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int element) || element is < 2 or > 128)
            throw Mistake(in reader, $"{part}: {key} is no data element from 2 to 128");
        return dialect[element] is null
            ? throw Mistake(in reader, $"{part}: DE{element} is not defined in {dialect.Name}")
            : element;
    }

    private string ReadString(ref Utf8JsonReader reader, string field)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            throw Mistake(in reader, $"{field}: a text in quotes is wanted");
        return reader.GetString()!;
    }

    private SimFileException Mistake(in Utf8JsonReader reader, string what) => Mistake(LineOf(in reader), what);

    private SimFileException Mistake(int line, string what, Exception? cause = null) =>
        cause is null ? new($"{path}:{line}: {what}.") : new($"{path}:{line}: {what}.", cause);

    private int LineOf(in Utf8JsonReader reader) => json.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n') + 1;
}
