using System.Text;

namespace Processor.EndToEnd.Tests;

/// <summary>Something that must not be found, in every form in which it may be written down.</summary>
internal sealed class Secret
{
    private readonly string[] forms;

    private Secret(string name, IEnumerable<string> forms)
    {
        Name = name;
        this.forms = [.. forms.Distinct()];
    }

    /// <summary>What it is, without any of it.</summary>
    internal string Name { get; }

    /// <summary>Everything that it may look like; bytes are characters of the same number (Latin-1).</summary>
    internal IReadOnlyList<string> Forms => forms;

    /// <summary>Text: plain, as BCD and its digits, as the hexadecimal digits of its characters, and in base64 of both.</summary>
    internal static Secret OfText(string name, string text)
    {
        var ascii = Encoding.ASCII.GetBytes(text);
        List<string> forms = [text, Convert.ToHexString(ascii), .. Base64(ascii)];
        var digits = new string([.. text.Select(letter => letter is '=' ? 'D' : letter)]);
        if (digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit))
            forms.AddRange([.. Base64(Convert.FromHexString(digits)), .. Packed(Convert.FromHexString(digits))]);
        forms.Add(digits);
        return new(name, forms);
    }

    /// <summary>Bytes: as hexadecimal digits, as the hexadecimal digits of those, as they stand, and in base64.</summary>
    internal static Secret OfBytes(string name, byte[] bytes) =>
        new(name, [Convert.ToHexString(bytes), Convert.ToHexString(Encoding.ASCII.GetBytes(Convert.ToHexString(bytes))), Encoding.Latin1.GetString(bytes), .. Base64(bytes)]);

    /// <summary>True when a text holds it in any form.</summary>
    internal bool IsIn(string text) => forms.Any(form => text.Contains(form, StringComparison.OrdinalIgnoreCase));

    public override string ToString() => Name;

    // Fewer bytes than that come about by chance in files of megabytes.
    private static IEnumerable<string> Packed(byte[] digits) => digits.Length >= 8 ? [Encoding.Latin1.GetString(digits)] : [];

    // What base64 makes of bytes that stand within others depends on where they begin; three ways, without the ends that neighbours change.
    private static IEnumerable<string> Base64(byte[] bytes)
    {
        for (var shift = 0; shift < 3; shift++)
        {
            var text = Convert.ToBase64String([.. new byte[shift], .. bytes]);
            var usable = (shift + bytes.Length) / 3 * 4;
            var start = (shift + 2) / 3 * 4;
            if (usable - start >= 8)
                yield return text[start..usable];
        }
    }
}
