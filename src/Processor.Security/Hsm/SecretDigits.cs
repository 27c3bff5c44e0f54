namespace Processor.Security;

/// <summary>Up to twelve decimal digits that nobody may read by accident: a CVV, a PVV, an offset. Prints a mask.</summary>
public readonly struct SecretDigits : IEquatable<SecretDigits>
{
    /// <summary>The most digits, those of the longest PIN offset.</summary>
    public const int LengthMax = 12;

    private readonly ulong digits;
    private readonly byte length;

    private SecretDigits(ulong digits, int length)
    {
        this.digits = digits;
        this.length = (byte)length;
    }

    /// <summary>Number of digits; 0 for the default value.</summary>
    public int Length => length;

    /// <summary>The digits as a number, for storing a PVV or an offset. It is as secret as the digits.</summary>
    public ulong Reveal() => digits;

    /// <summary>Takes a number of so many digits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is not 1 to 12, or the number has more digits.</exception>
    public static SecretDigits FromNumber(ulong digits, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(TryFromNumber(digits, length, out var value), true, nameof(length));
        return value;
    }

    /// <summary>Reads ASCII digits.</summary>
    /// <returns>False for none, for more than twelve, or for a byte that is no digit.</returns>
    public static bool TryFromDigits(ReadOnlySpan<byte> ascii, out SecretDigits value)
    {
        value = default;
        if (ascii.Length is 0 or > LengthMax)
            return false;
        ulong number = 0;
        foreach (var item in ascii)
        {
            if (!char.IsAsciiDigit((char)item))
                return false;
            number = (number * 10) + (ulong)(item - '0');
        }

        value = new(number, ascii.Length);
        return true;
    }

    /// <summary>Writes ASCII digits. The caller owns the buffer and clears it after use.</summary>
    /// <returns>The number of bytes written, <see cref="Length"/>.</returns>
    public int CopyDigits(Span<byte> target)
    {
        var rest = digits;
        for (var index = length - 1; index >= 0; index--)
        {
            target[index] = (byte)('0' + (rest % 10));
            rest /= 10;
        }

        return length;
    }

    /// <summary>Takes the same time for any two values.</summary>
    public bool Equals(SecretDigits other) => ((digits ^ other.digits) | (uint)(length ^ other.length)) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SecretDigits other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => digits.GetHashCode();

    public static bool operator ==(SecretDigits left, SecretDigits right) => left.Equals(right);

    public static bool operator !=(SecretDigits left, SecretDigits right) => !left.Equals(right);

    /// <inheritdoc/>
    public override string ToString() => "****";

    internal static bool TryFromNumber(ulong digits, int length, out SecretDigits value)
    {
        value = default;
        if (length is < 1 or > LengthMax)
            return false;
        ulong bound = 1;
        for (var index = 0; index < length; index++)
            bound *= 10;
        if (digits >= bound)
            return false;
        value = new(digits, length);
        return true;
    }
}
