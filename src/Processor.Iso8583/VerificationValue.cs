namespace Processor.Iso8583;

/// <summary>Finds the verification value that is printed on the card, where the dialect says.</summary>
public static class VerificationValue
{
    // tag(2) length(2) value, all of them digits but the value.
    private const int HeadLength = 4;
    private const int TextLengthMax = 1024;

    /// <summary>Copies the value without the blanks around it. The caller clears it after use.</summary>
    /// <param name="view">The message.</param>
    /// <param name="ascii">Room for it; a longer one is not found.</param>
    /// <param name="length">Characters written.</param>
    /// <returns>False when the message carries none.</returns>
    public static bool TryGet(in MessageView view, Span<byte> ascii, out int length)
    {
        length = 0;
        if (view.Dialect.VerificationValue is not { } rule || !view.Has(rule.DataElement))
            return false;
        Span<byte> buffer = stackalloc byte[TextLengthMax];
        try
        {
            if (!TryGetText(in view, rule, buffer, out var text))
                return false;
            if (rule.Tag is { } tag && !TryFind(ref text, tag))
                return false;
            if (text.Length < rule.Position)
                return false;
            text = text[(rule.Position - 1)..].Trim((byte)' ');
            if (text.IsEmpty || !text.TryCopyTo(ascii))
                return false;
            length = text.Length;
            return true;
        }
        finally
        {
            buffer.Clear();
        }
    }

    private static bool TryGetText(in MessageView view, VerificationValueRule rule, Span<byte> buffer, out ReadOnlySpan<byte> text)
    {
        var length = 0;
        var isFound = rule.Part is { } key
            ? view.TryGetPart(rule.DataElement, key, out var part) && part.TryGetText(buffer, out length)
            : view.TryGetText(rule.DataElement, buffer, out length);
        text = isFound ? buffer[..length] : default;
        return isFound;
    }

    private static bool TryFind(ref ReadOnlySpan<byte> text, string tag)
    {
        while (text.Length > HeadLength)
        {
            if (!char.IsAsciiDigit((char)text[2]) || !char.IsAsciiDigit((char)text[3]))
                return false;
            var length = ((text[2] - '0') * 10) + text[3] - '0';
            var isFound = text[0] == tag[0] && text[1] == tag[1];
            text = text[HeadLength..];
            if (length > text.Length)
                return false;
            if (isFound)
            {
                text = text[..length];
                return true;
            }

            text = text[length..];
        }

        return false;
    }
}
