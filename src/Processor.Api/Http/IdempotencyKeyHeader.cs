using System.Text;
using Microsoft.Extensions.Primitives;

namespace Processor.Api;

/// <summary>Reads the <c>Idempotency-Key</c> header: a string of RFC 8941 in quotes, or the bare characters.</summary>
internal static class IdempotencyKeyHeader
{
    internal const string Name = "Idempotency-Key";

    internal const int LengthMax = 255;

    /// <returns>Null when the header is there more than once, is empty, too long, or has characters outside printable ASCII.</returns>
    internal static string? Read(StringValues values)
    {
        if (values is not [{ } text])
            return null;
        text = text.Trim();
        var key = text.StartsWith('"') ? Unquote(text) : text;
        return key is { Length: > 0 and <= LengthMax } && key.All(letter => letter is >= ' ' and <= '~') ? key : null;
    }

    private static string? Unquote(string text)
    {
        var key = new StringBuilder(text.Length);
        for (var index = 1; index < text.Length; index++)
        {
            if (text[index] == '"')
                return index == text.Length - 1 ? key.ToString() : null;
            if (text[index] == '\\' && (++index == text.Length || text[index] is not ('"' or '\\')))
                return null;
            key.Append(text[index]);
        }

        return null;
    }
}
