namespace Processor.Security;

/// <summary>One custodian's part of a key: all parts together, by exclusive or, are the key. Prints a mask.</summary>
/// <param name="bytes">16, 24 or 32 bytes, owned by the caller, who clears them after use.</param>
/// <param name="checkValue">At least 4 hexadecimal digits, as printed beside the component.</param>
public sealed class KeyComponent(ReadOnlyMemory<byte> bytes, string checkValue)
{
    /// <summary>What the custodian read beside the component.</summary>
    public string CheckValue { get; } = checkValue;

    internal ReadOnlySpan<byte> Bytes => bytes.Span;

    /// <inheritdoc/>
    public override string ToString() => "KeyComponent ****";
}
