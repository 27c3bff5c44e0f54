using System.Text;

namespace Processor.Iso8583;

/// <summary>
/// A message taken apart for a person: element by element, masked, with the place of each in the frame. It holds
/// copies and outlives the frame. For logs and tools; it allocates.
/// </summary>
public sealed class MessageDescription
{
    private MessageDescription(in MessageView view, int frameLength)
    {
        var layout = view.Layout;
        DialectName = view.Dialect.Name;
        FrameLength = frameLength;
        Mti = layout.HasMti ? layout.Mti : null;
        Error = layout.Status == ParseStatus.Rejected ? layout.Error : null;
        var elements = new List<ElementDescription>(layout.Count);
        for (int element = view.Next(0); element != 0; element = view.Next(element))
            elements.Add(Describe(in view, element));
        Elements = elements;
    }

    /// <summary>The dialect it was read in.</summary>
    public string DialectName { get; }

    /// <summary>Bytes of the frame.</summary>
    public int FrameLength { get; }

    /// <summary>The message type; null when it could not be read.</summary>
    public Mti? Mti { get; }

    /// <summary>Why reading stopped; null when all was read.</summary>
    public ParseError? Error { get; }

    /// <summary>What was read, in ascending order.</summary>
    public IReadOnlyList<ElementDescription> Elements { get; }

    /// <summary>Describes a frame that has been parsed, also one that was rejected.</summary>
    public static MessageDescription Of(in MessageView view) => new(in view, view.FrameLength);

    /// <summary>Parses a frame and describes what could be read.</summary>
    public static MessageDescription Of(Dialect dialect, ReadOnlySpan<byte> frame)
    {
        var layout = new MessageLayout();
        dialect.TryParse(frame, layout);
        return Of(new MessageView(frame, layout));
    }

    /// <summary>The description as <see cref="MessagePrinter"/> lays it out.</summary>
    public override string ToString() => MessagePrinter.Print(this);

    private static ElementDescription Describe(in MessageView view, int element)
    {
        var rule = view.Dialect[element]!;
        var raw = view.Raw(element);
        int offset = view.Layout.OffsetOf(element);
        byte[] content = new byte[view.Length(element)];
        bool isBytes = view.TryGetBinary(element, content, out int length);
        if (!isBytes)
            view.TryGetText(element, content, out length);
        int bytesPerByte = rule.Encoding is ContentEncoding.Hex or ContentEncoding.HexEbcdic ? 2 : 1;
        var parts = rule.Sensitivity switch
        {
            Sensitivity.Icc when isBytes => DescribeIcc(content, offset, bytesPerByte),
            Sensitivity.None when rule.Parts is not null => DescribeParts(view.Parts(element, new byte[content.Length])),
            _ => null,
        };
        string text = isBytes ? Convert.ToHexString(content) : Encoding.Latin1.GetString(content, 0, length);
        string value = parts is { Count: > 0 } ? "" : Masking.Mask(rule.Sensitivity, text);
        return new($"DE{element}", rule.Name, rule.Format, offset, raw.Length, value, parts ?? []);
    }

    /// <summary>The parts of an element that is not secret itself; null when they cannot be read to the end.</summary>
    private static List<ElementDescription>? DescribeParts(PartReader reader)
    {
        var parts = new List<ElementDescription>();
        while (reader.Read(out var part))
        {
            var nested = part.HasParts ? DescribeParts(part.Parts) : null;
            byte[] content = new byte[part.Length];
            bool isBytes = part.TryGetBinary(content, out int length);
            if (!isBytes)
                part.TryGetText(content, out length);
            string text = isBytes ? Convert.ToHexString(content) : Encoding.Latin1.GetString(content, 0, length);
            string value = nested is { Count: > 0 } ? "" : Masking.Mask(part.Rule?.Rule.Sensitivity ?? Sensitivity.None, text);
            parts.Add(new(
                part.Key, part.Rule?.Rule.Name ?? "", part.Rule?.Rule.Format ?? "", part.Offset, part.Raw.Length, value, nested ?? []));
        }

        return reader.Error.Reason == ParseReason.None ? parts : null;
    }

    // tag(1..3) length(1, or 81 and 1, or 82 and 2) value; null when the bytes are something else.
    private static List<ElementDescription>? DescribeIcc(byte[] bytes, int offset, int scale)
    {
        var objects = new List<ElementDescription>();
        int position = 0;
        while (position < bytes.Length)
        {
            if (!BerTlv.TryRead(bytes, position, out int tagBytes, out int start, out int length))
                return null;
            int tag = BerTlv.TagAt(bytes, position, tagBytes);
            string? name = IccTag.NameOf(tag);
            string value = name is null
                ? Masking.Mask(Sensitivity.Secret, length == 0 ? "" : "hidden")
                : Convert.ToHexString(bytes, start, length);
            objects.Add(new(
                tag.ToString("X2", System.Globalization.CultureInfo.InvariantCulture),
                name ?? IccTag.HiddenNameOf(tag), "", offset + start * scale, length * scale, value, []));
            position = start + length;
        }

        return objects;
    }
}
