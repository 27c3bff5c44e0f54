using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Processor.Iso8583.Vectors;

/// <summary>Reads test vectors, one JSON object a line, and says what this codec makes of each.</summary>
public static class VectorRun
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// What the codec makes of one vector, as one line of JSON: MTI, fields, parts and the bytes that they give again, or
    /// the error. Whatever the line holds, this does not throw: a vector that makes no sense is answered with
    /// <c>bad-vector</c>.
    /// </summary>
    /// <param name="line">A JSON object with <c>id</c>, <c>dialect</c> and <c>hex</c>; other keys are passed over.</param>
    public static string Answer(string line)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            string id = "";
            try
            {
                using var vector = JsonDocument.Parse(line);
                id = IdOf(vector.RootElement);
                var dialect = VectorDialect.Read(vector.RootElement.GetProperty("dialect"));
                byte[] frame = Convert.FromHexString(vector.RootElement.GetProperty("hex").GetString() ?? "");
                writer.WriteString("id", id);
                WriteAnswer(writer, dialect, frame);
            }
            catch (Exception exception) when (
                exception is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or DialectException)
            {
                if (writer.BytesPending + writer.BytesCommitted < 2)
                    writer.WriteString("id", id);
                writer.WriteStartObject("error");
                writer.WriteString("reason", "bad-vector");
                writer.WriteString("detail", exception.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string IdOf(JsonElement vector)
    {
        if (vector.ValueKind != JsonValueKind.Object || !vector.TryGetProperty("id", out var id))
            return "";
        return id.ValueKind == JsonValueKind.String ? id.GetString()! : id.GetRawText();
    }

    private static void WriteAnswer(Utf8JsonWriter writer, Dialect dialect, byte[] frame)
    {
        var layout = new MessageLayout();
        if (dialect.TryParse(frame, layout) != ParseStatus.Parsed)
        {
            WriteError(writer, layout);
            return;
        }

        var view = new MessageView(frame, layout);
        var message = Iso8583Message.From(in view);
        string repacked = Convert.ToHexString(message.ToBytes(dialect));
        writer.WriteString("mti", layout.HasMti ? layout.Mti.ToString() : null);
        if (dialect.Header is { } header)
            WriteHeader(writer, header, view.Header);
        writer.WriteStartObject("fields");
        foreach (var (element, value) in message.Elements)
            writer.WriteString(element.ToString(CultureInfo.InvariantCulture), value);
        writer.WriteEndObject();
        writer.WriteStartObject("sub");
        for (int element = view.Next(0); element != 0; element = view.Next(element))
        {
            if (dialect[element]?.Parts is not { } parts)
                continue;
            writer.WritePropertyName(element.ToString(CultureInfo.InvariantCulture));
            WriteParts(writer, view.Parts(element, new byte[view.Length(element)]), parts.Kind == PartsKind.Datasets);
        }

        writer.WriteEndObject();
        writer.WriteString("repacked", repacked);
    }

    private static void WriteHeader(Utf8JsonWriter writer, HeaderRule header, ReadOnlySpan<byte> bytes)
    {
        writer.WriteStartObject("header");
        foreach (var part in header.Parts)
        {
            byte[] content = bytes.Slice(part.Offset, HeaderRule.BytesOf(part, bytes.Length)).ToArray();
            CodePage.Of(part.Encoding)?.ToLatin1(content, content);
            bool isBinary = part.Encoding == ContentEncoding.Binary;
            writer.WriteString(part.Name, isBinary ? Convert.ToHexString(content) : Encoding.Latin1.GetString(content));
        }

        writer.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter writer, PartReader reader, bool isList)
    {
        if (isList)
            writer.WriteStartArray();
        else
            writer.WriteStartObject();
        while (reader.Read(out var part))
        {
            if (isList)
            {
                writer.WriteStartArray();
                writer.WriteStringValue(part.Key);
                WriteParts(writer, part.Parts, isList: false);
                writer.WriteEndArray();
                continue;
            }

            writer.WritePropertyName(part.Key);
            if (part.HasParts)
                WriteParts(writer, part.Parts, part.Rule?.Rule.Parts?.Kind == PartsKind.Datasets);
            else
                writer.WriteStringValue(ValueOf(in part));
        }

        if (isList)
            writer.WriteEndArray();
        else
            writer.WriteEndObject();
    }

    private static string ValueOf(in Part part)
    {
        byte[] content = new byte[part.Length];
        if (part.TryGetBinary(content, out int length))
            return Convert.ToHexString(content, 0, length);
        part.TryGetText(content, out length);
        return Encoding.Latin1.GetString(content, 0, length);
    }

    private static void WriteError(Utf8JsonWriter writer, MessageLayout layout)
    {
        var error = layout.Error;
        // A vector counts from where the wrong part starts, and inside a part from where the part's container does.
        int offset = error.Reason is ParseReason.BadCharacter or ParseReason.BadBitmap ? error.Offset - error.Actual : error.Offset;
        bool isInside = error.DataElement > 1 && error.Part is not null;
        writer.WriteStartObject("error");
        writer.WriteString("reason", JsonNamingPolicy.KebabCaseLower.ConvertName(error.Reason.ToString()));
        writer.WriteString("de", PlaceOf(error, layout));
        writer.WriteNumber("offset", isInside ? offset - error.ContainerOffset : offset);
        writer.WriteEndObject();
    }

    private static string PlaceOf(ParseError error, MessageLayout layout)
    {
        string element = error.DataElement.ToString(CultureInfo.InvariantCulture);
        bool isBitmap = error.Reason is ParseReason.TruncatedBitmap or ParseReason.BadBitmap
            || (error.Reason == ParseReason.TrailingData && layout.BitmapCount == 1);
        return error.DataElement switch
        {
            ParseError.Header => "header",
            1 when isBitmap => $"bitmap{error.Part ?? "1"}",
            _ => error.Part is null ? element : $"{element}.{error.Part}",
        };
    }
}
