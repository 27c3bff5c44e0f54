namespace Processor.Switch;

/// <summary>A DE 39 of ISO 8583:1987: two letters or digits.</summary>
internal readonly record struct ResponseCode(byte First, byte Second)
{
    /// <summary>Reads two letters or digits.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    internal static ResponseCode Parse(string text) =>
        text.Length == 2 && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[1])
            ? new((byte)text[0], (byte)text[1])
            : throw new FormatException($"{text} is not two letters or digits.");

    /// <summary>The two characters, for metrics and tests.</summary>
    public override string ToString() => string.Create(2, this, static (text, code) =>
    {
        text[0] = (char)code.First;
        text[1] = (char)code.Second;
    });
}
