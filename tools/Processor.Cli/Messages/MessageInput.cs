using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Processor.Cli.Commands;
using Processor.Iso8583;

namespace Processor.Cli.Messages;

/// <summary>A message as a person gives it: hexadecimal, or JSON; as the argument, in a file, or on the standard input.</summary>
internal static class MessageInput
{
    /// <summary>What may be given, for the help.</summary>
    public const string Help =
        "hexadecimal (blanks are skipped), or JSON as {\"mti\": \"0800\", \"fields\": {\"11\": \"000001\", \"70\": \"301\"}}; a file that "
        + "holds one of them; - for the standard input.";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The text that an argument stands for.</summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static string ReadText(string argument)
    {
        if (argument == "-")
            return Console.In.ReadToEnd().Trim();
        try
        {
            return File.Exists(argument) ? File.ReadAllText(argument).Trim() : argument.Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{argument}: {exception.Message}", exception);
        }
    }

    /// <summary>The bytes of hexadecimal text.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static byte[] ReadHex(string argument)
    {
        string text = string.Concat(ReadText(argument).Where(character => !char.IsWhiteSpace(character)));
        int bad = text.AsSpan().IndexOfAnyExcept(HexDigits);
        if (bad >= 0)
            throw new UsageException($"Character {bad + 1} of the message is no hexadecimal digit.");
        if (text.Length == 0 || text.Length % 2 != 0)
            throw new UsageException($"The message has {text.Length} hexadecimal digits, which is no number of bytes.");
        return Convert.FromHexString(text);
    }

    /// <summary>One message, without what stands around it.</summary>
    /// <param name="argument">As the user wrote it.</param>
    /// <param name="dialect">In which JSON is written.</param>
    /// <param name="framing">In which hexadecimal is framed; null when it is not.</param>
    /// <exception cref="UsageException">It cannot be read, or does not suit the dialect.</exception>
    public static byte[] ReadMessage(string argument, Dialect dialect, Framing? framing)
    {
        string text = ReadText(argument);
        if (text.StartsWith('{'))
            return ReadJson(text, dialect);
        byte[] bytes = ReadHex(text);
        if (framing is not { } around)
            return bytes;
        var rest = new ReadOnlySequence<byte>(bytes);
        if (FrameReader.TryRead(ref rest, around, out var frame) != FrameStatus.Frame || !rest.IsEmpty)
            throw new UsageException("The message is not one frame of this framing.");
        return frame.ToArray();
    }

    /// <summary>Writes a message that is given as JSON.</summary>
    /// <exception cref="UsageException">It is wrong, or does not suit the dialect; the message names the element, never its content.</exception>
    public static byte[] ReadJson(string text, Dialect dialect)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            bool hasFields = root.TryGetProperty("fields", out var fields);
            bool hasSub = root.TryGetProperty("sub", out var sub);
            if (!root.TryGetProperty("mti", out var mti) || (!hasFields && !hasSub))
                throw new UsageException("A message has mti and fields, or sub.");
            var message = new Iso8583Message(Mti.Parse(mti.GetString() ?? ""));
            if (root.TryGetProperty("header", out var header))
                message.Header = Convert.FromHexString(header.GetString() ?? "");
            foreach (var field in hasFields ? fields.EnumerateObject() : default)
            {
                message[ElementOf(field)] = field.Value.ValueKind == JsonValueKind.String
                    ? field.Value.GetString()
                    : throw new UsageException($"DE{field.Name}: what it holds stands in quotes; its parts stand under sub.");
            }

            foreach (var field in hasSub ? sub.EnumerateObject() : default)
                message.SetParts(ElementOf(field), PartsJson.Read(field.Value));
            byte[] bytes = message.ToBytes(dialect);
            var layout = new MessageLayout();
            return dialect.TryParse(bytes, layout) == ParseStatus.Parsed
                ? bytes
                : throw new UsageException($"The message could not be read again: {layout.Error}");
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            throw new UsageException($"The message cannot be built: {exception.Message}", exception);
        }
    }

    private static int ElementOf(JsonProperty field) =>
        int.TryParse(field.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int element) && element is >= 1 and <= 192
            ? element
            : throw new UsageException($"{field.Name} is no data element.");
}
