namespace Processor.Security;

/// <summary>A PIN inside the module. It never leaves it, prints a mask and lives on the stack.</summary>
/// <param name="digits">One digit in each nibble, the last digit lowest.</param>
/// <param name="length">4 to 12.</param>
internal readonly struct ClearPin(ulong digits, int length)
{
    internal const int LengthMin = 4;
    internal const int LengthMax = 12;

    internal ulong Digits { get; } = digits;

    internal int Length { get; } = length;

    internal static bool TryFrom(ReadOnlySpan<byte> ascii, out ClearPin pin)
    {
        pin = default;
        if (ascii.Length is < LengthMin or > LengthMax || ascii.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        pin = new(DigitBlock.Pack(ascii), ascii.Length);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => "****";

    /// <summary>Control nibble, length, digits and filling: 16 nibbles.</summary>
    internal ulong Field(int control, ulong fill) =>
        ((ulong)control << 60) | ((ulong)Length << 56) | (Digits << (56 - (4 * Length))) | (fill & (ulong.MaxValue >> (8 + (4 * Length))));
}
