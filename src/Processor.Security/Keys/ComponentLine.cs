using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Processor.Security;

/// <summary>What a custodian's file has in its line. The component is in pinned memory and never a string; whoever has this disposes it, which clears it.</summary>
/// <param name="component">Taken over: a pinned buffer.</param>
/// <param name="checkValue">As it stands beside the component.</param>
/// <param name="wholeValue">The check value of the whole key; empty where the line has none.</param>
internal sealed class ComponentLine(byte[] component, string checkValue, string wholeValue) : IDisposable
{
    internal string CheckValue => checkValue;

    internal string WholeValue => wholeValue;

    /// <summary>The component itself, which is cleared with this.</summary>
    internal byte[] Bytes => component;

    /// <summary>The component for those who join it to others, as long as this is not disposed.</summary>
    internal KeyComponent Component => new(component, checkValue);

    /// <summary>Reads <c>component check-value [check-value-of-the-whole]</c>, with one blank or more between.</summary>
    /// <returns>Null when it is none.</returns>
    internal static ComponentLine? Read(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\r\n"u8);
        Span<Range> words = stackalloc Range[4];
        var count = 0;
        foreach (var word in text.Split((byte)' '))
        {
            if (text[word].IsEmpty)
                continue;
            if (count == words.Length)
                return null;
            words[count++] = word;
        }

        if (count is not (2 or 3) || text[words[0]].Length is not (32 or 48 or 64))
            return null;
        var component = GC.AllocateUninitializedArray<byte>(text[words[0]].Length / 2, pinned: true);
        if (Convert.FromHexString(text[words[0]], component, out _, out _) == OperationStatus.Done)
            return new(component, Encoding.ASCII.GetString(text[words[1]]), count == 3 ? Encoding.ASCII.GetString(text[words[2]]) : "");
        CryptographicOperations.ZeroMemory(component);
        return null;
    }

    /// <summary>Writes the line.</summary>
    /// <param name="target">Pinned, of <see cref="LengthOf"/> bytes; the caller clears it.</param>
    /// <param name="component">The component.</param>
    /// <param name="rest">What stands behind it, with the blank before it.</param>
    internal static void Write(Span<byte> target, ReadOnlySpan<byte> component, string rest)
    {
        Convert.TryToHexString(component, target, out var length);
        Encoding.ASCII.GetBytes(rest, target[length..]);
    }

    internal static int LengthOf(ReadOnlySpan<byte> component, string rest) => (2 * component.Length) + rest.Length;

    /// <inheritdoc/>
    public void Dispose() => CryptographicOperations.ZeroMemory(component);

    /// <inheritdoc/>
    public override string ToString() => "ComponentLine ****";
}
