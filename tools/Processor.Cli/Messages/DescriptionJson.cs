using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Processor.Iso8583;

namespace Processor.Cli.Messages;

/// <summary>A described message as one line of JSON, masked.</summary>
internal static class DescriptionJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Dialect, length, MTI, elements with their places, and the error that ended the reading, null without one.</summary>
    public static string Of(MessageDescription description)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("dialect", description.DialectName);
            writer.WriteNumber("bytes", description.FrameLength);
            writer.WriteString("mti", description.Mti?.ToString());
            Write(writer, "elements", description.Elements);
            if (description.Error is { } error)
                writer.WriteString("error", error.ToString());
            else
                writer.WriteNull("error");
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<ElementDescription> elements)
    {
        writer.WriteStartArray(name);
        foreach (var element in elements)
        {
            writer.WriteStartObject();
            writer.WriteString("key", element.Key);
            writer.WriteString("name", element.Name);
            writer.WriteString("format", element.Format);
            writer.WriteNumber("offset", element.Offset);
            writer.WriteNumber("bytes", element.Length);
            writer.WriteString("value", element.Value);
            if (element.Parts.Count > 0)
                Write(writer, "parts", element.Parts);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
