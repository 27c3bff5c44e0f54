namespace Processor.Cards;

/// <summary>A primary account number of 8 to 19 digits. It prints only as its mask.</summary>
/// <remarks>ISO/IEC 7812-1. The digits are packed into one number, so the value lives on the stack and leaves no string behind.</remarks>
public readonly struct Pan : IEquatable<Pan>
{
    /// <summary>The longest PAN that ISO 8583 carries in DE 2.</summary>
    public const int LengthMax = 19;

    /// <summary>The shortest PAN that is read.</summary>
    public const int LengthMin = 8;

    private readonly ulong digits;
    private readonly byte length;

    private Pan(ulong digits, byte length)
    {
        this.digits = digits;
        this.length = length;
    }

    /// <summary>Number of digits; 0 for the default value.</summary>
    public int Length => length;

    /// <summary>The last four digits, 0 to 9999. They may be shown.</summary>
    public int LastFour => (int)(digits % 10_000);

    /// <summary>True when the last digit is the check digit of ISO/IEC 7812-1 annex B.</summary>
    public bool HasCheckDigit
    {
        get
        {
            var rest = digits;
            var sum = 0;
            for (var index = 0; index < length; index++)
            {
                var digit = (int)(rest % 10);
                rest /= 10;
                if ((index & 1) == 1)
                    digit = digit > 4 ? (digit * 2) - 9 : digit * 2;
                sum += digit;
            }

            return length > 0 && sum % 10 == 0;
        }
    }

    /// <summary>Reads ASCII digits.</summary>
    /// <returns>False for fewer than 8 or more than 19 bytes, or a byte that is no digit.</returns>
    public static bool TryFromDigits(ReadOnlySpan<byte> ascii, out Pan pan)
    {
        pan = default;
        if (ascii.Length is < LengthMin or > LengthMax)
            return false;
        ulong value = 0;
        foreach (var item in ascii)
        {
            if (!char.IsAsciiDigit((char)item))
                return false;
            value = (value * 10) + (ulong)(item - '0');
        }

        pan = new(value, (byte)ascii.Length);
        return true;
    }

    /// <summary>The first <paramref name="count"/> digits as a number, to compare with an IIN range.</summary>
    public ulong Leading(int count)
    {
        var value = digits;
        for (var index = length; index > count; index--)
            value /= 10;
        return value;
    }

    /// <summary>Writes the digits as ASCII. The caller owns the buffer and clears it after use.</summary>
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

    /// <inheritdoc/>
    public bool Equals(Pan other) => digits == other.digits && length == other.length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Pan other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => digits.GetHashCode();

    public static bool operator ==(Pan left, Pan right) => left.Equals(right);

    public static bool operator !=(Pan left, Pan right) => !left.Equals(right);

    /// <summary>First six and last four digits with stars between, or stars alone for a PAN shorter than 13 digits.</summary>
    public override string ToString()
    {
        Span<byte> ascii = stackalloc byte[LengthMax];
        CopyDigits(ascii);
        Span<char> mask = stackalloc char[length];
        for (var index = 0; index < length; index++)
            mask[index] = length >= 13 && (index < 6 || index >= length - 4) ? (char)ascii[index] : '*';
        ascii.Clear();
        return new string(mask);
    }
}
