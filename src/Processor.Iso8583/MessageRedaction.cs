using System.Text;

namespace Processor.Iso8583;

/// <summary>
/// Takes what is secret out of a message and leaves a message: the same elements with the same lengths, read by the same
/// dialect. Of card numbers the first 6 and last 4 digits stay, of tracks the same; PINs, cryptograms, codes and private data
/// become zeros. What is secret is what the dialect calls so. For tools; it allocates.
/// </summary>
public static class MessageRedaction
{
    private const int PanLengthMin = 12;

    /// <summary>A copy of a message without its secrets.</summary>
    /// <exception cref="FormatException">The frame cannot be read; the message is the <see cref="ParseError"/>.</exception>
    public static byte[] Redact(Dialect dialect, ReadOnlySpan<byte> frame)
    {
        var message = Iso8583Message.Parse(dialect, frame);
        foreach (var (element, value) in message.Elements.ToArray())
        {
            if (dialect[element] is { Parts: null } or { Sensitivity: Sensitivity.Icc or Sensitivity.Pan or Sensitivity.Track })
                message[element] = Redact(dialect[element]!, value);
        }

        byte[] redacted = message.ToBytes(dialect);
        var layout = new MessageLayout();
        if (dialect.TryParse(redacted, layout) != ParseStatus.Parsed)
            throw new FormatException(layout.Error.ToString());
        var view = new MessageView((byte[])redacted.Clone(), layout);
        for (int element = view.Next(0); element != 0; element = view.Next(element))
        {
            if (dialect[element] is { Parts: not null, Sensitivity: Sensitivity.None or Sensitivity.Secret } rule)
            {
                var reader = view.Parts(element, new byte[view.Length(element)]);
                // Parts that cannot be read to the end, which a dialect may allow, hide what is in them: all goes.
                if (!TryRedactParts(dialect, rule, reader, redacted, isSecret: rule.Sensitivity != Sensitivity.None))
                    redacted.AsSpan(layout.OffsetOf(element), view.Raw(element).Length).Fill(ZeroOf(rule.Encoding));
            }
        }

        return redacted;
    }

    private static string Redact(ElementRule rule, string value) => rule.Sensitivity switch
    {
        Sensitivity.None => value,
        Sensitivity.Pan => RedactPan(value),
        Sensitivity.Track => RedactTrack(value),
        Sensitivity.Icc => RedactIcc(value),
        _ when rule.Class == CharacterClass.B => new string('0', value.Length),
        _ => string.Concat(value.Select(Blank)),
    };

    private static string RedactPan(string value) => value.Length < PanLengthMin
        ? new string('0', value.Length)
        : string.Concat(value.AsSpan(0, 6), new string('0', value.Length - 10), value.AsSpan(value.Length - 4));

    // Track 1: B number ^ name ^ rest. Track 2: number = rest.
    private static string RedactTrack(string value)
    {
        int first = Math.Max(0, value.AsSpan().IndexOfAnyInRange('0', '9'));
        int length = value.AsSpan(first).IndexOfAnyExceptInRange('0', '9');
        string rest = string.Concat(value.Skip(first + Math.Max(0, length)).Select(Blank));
        return length < 0
            ? string.Concat(value.Select(Blank))
            : string.Concat(value.AsSpan(0, first), RedactPan(value.Substring(first, length)), rest);
    }

    private static string RedactIcc(string hex)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(hex);
        byte[] content = new byte[bytes.Length / 2];
        if (!Content.FromHex(bytes, content))
            return string.Concat(hex.Select(Blank));
        int position = 0;
        while (position < content.Length)
        {
            if (!BerTlv.TryRead(content, position, out int tagBytes, out int start, out int length))
            {
                content.AsSpan().Clear();
                break;
            }

            if (IccTag.NameOf(BerTlv.TagAt(content, position, tagBytes)) is null)
                content.AsSpan(start, length).Clear();
            position = start + length;
        }

        return Convert.ToHexString(content);
    }

    private static char Blank(char character) => character switch
    {
        >= '0' and <= '9' => '0',
        '=' or '^' or '%' or ';' or '?' or '+' or '-' or ' ' => character,
        _ => 'A',
    };

    private static bool TryRedactParts(Dialect dialect, ElementRule element, PartReader reader, byte[] target, bool isSecret)
    {
        while (reader.Read(out var part))
        {
            bool isHidden = isSecret || part.Rule?.Rule.Sensitivity is { } own && own != Sensitivity.None;
            if (part.HasParts)
            {
                if (!TryRedactParts(dialect, element, part.Parts, target, isHidden))
                    return false;
                continue;
            }

            if (!isHidden)
                continue;
            bool isDecoded = dialect.HasDecodedParts(element.DataElement);
            bool isHex = dialect.Plans[element.DataElement].IsHex;
            var encoding = isDecoded ? element.Encoding : part.Rule?.Rule.Encoding ?? ContentEncoding.Binary;
            target.AsSpan(part.Offset, part.Raw.Length * (isDecoded && isHex ? 2 : 1)).Fill(ZeroOf(encoding));
        }

        return reader.Error.Reason == ParseReason.None;
    }

    private static byte ZeroOf(ContentEncoding encoding) => encoding switch
    {
        ContentEncoding.Bcd or ContentEncoding.Binary => 0,
        ContentEncoding.Ascii or ContentEncoding.Latin1 or ContentEncoding.Hex => (byte)'0',
        _ => 0xF0,
    };
}
