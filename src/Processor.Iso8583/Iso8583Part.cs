using System.Text;

namespace Processor.Iso8583;

/// <summary>One part of an element as text, for tools and tests: it allocates, and prints only its key.</summary>
/// <param name="Key">As in the dialect: a number, a tag, a name; of datasets the identifier as two hexadecimal digits.</param>
/// <param name="Value">Digits and text as they read, bytes as hexadecimal; not used when the part has parts.</param>
public sealed record Iso8583Part(string Key, string Value)
{
    // Tags and lengths of short values stay below this.
    private const int RoomForTags = 16 * 1024;

    /// <summary>A part that has parts of its own.</summary>
    public Iso8583Part(string key, IReadOnlyList<Iso8583Part> parts)
        : this(key, "") => Parts = parts;

    /// <summary>Its own parts; empty when it is one piece.</summary>
    public IReadOnlyList<Iso8583Part> Parts { get; } = [];

    /// <summary>The parts of an element, down to the last; empty when it is not there or is one piece.</summary>
    public static IReadOnlyList<Iso8583Part> Read(in MessageView view, int dataElement) =>
        Read(view.Parts(dataElement, new byte[view.Length(dataElement)]));

    /// <summary>The key alone: what the part holds may be a secret.</summary>
    public override string ToString() => Key;

    internal static byte[] RoomFor(IReadOnlyList<Iso8583Part> parts) => new byte[RoomForTags + 4 * Characters(parts)];

    internal static void Write(ref PartWriter writer, IReadOnlyList<Iso8583Part> parts)
    {
        foreach (var part in parts)
        {
            if (part.Parts.Count > 0)
            {
                var inner = new PartWriter(RoomFor(part.Parts), writer, part.Key);
                Write(ref inner, part.Parts);
                writer.SetParts(part.Key, inner);
            }
            else if (writer.IsBinary(part.Key))
            {
                byte[] hex = Encoding.Latin1.GetBytes(part.Value);
                byte[] bytes = new byte[hex.Length / 2];
                if (hex.Length % 2 != 0 || !Content.FromHex(hex, bytes))
                    throw new FormatException($"DE{writer.DataElement}.{part.Key}: not hexadecimal.");
                writer.SetBinary(part.Key, bytes);
            }
            else
            {
                if (part.Value.Any(character => character > 0xFF))
                    throw new FormatException($"DE{writer.DataElement}.{part.Key}: a character beyond ISO 8859-1.");
                writer.SetText(part.Key, Encoding.Latin1.GetBytes(part.Value));
            }
        }
    }

    private static int Characters(IReadOnlyList<Iso8583Part> parts) =>
        parts.Sum(part => 64 + part.Key.Length + part.Value.Length + Characters(part.Parts));

    private static List<Iso8583Part> Read(PartReader reader)
    {
        var parts = new List<Iso8583Part>();
        while (reader.Read(out var part))
        {
            if (part.HasParts)
            {
                parts.Add(new Iso8583Part(part.Key, Read(part.Parts)));
                continue;
            }

            byte[] content = new byte[part.Length];
            bool isBinary = part.TryGetBinary(content, out int length);
            if (!isBinary)
                part.TryGetText(content, out length);
            var value = content.AsSpan(0, length);
            parts.Add(new Iso8583Part(part.Key, isBinary ? Convert.ToHexString(value) : Encoding.Latin1.GetString(value)));
        }

        return parts;
    }
}
