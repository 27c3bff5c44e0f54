namespace Processor.Security;

/// <summary>A terminal's key serial number: 10 bytes of TDES DUKPT (ANSI X9.24-1) or 12 of AES DUKPT (X9.24-3).</summary>
public readonly struct KeySerialNumber
{
    private readonly UInt128 value;
    private readonly byte length;

    private KeySerialNumber(UInt128 value, byte length)
    {
        this.value = value;
        this.length = length;
    }

    /// <summary>10 or 12; 0 when the key is none of DUKPT.</summary>
    public int Length => length;

    /// <summary>Copies a serial number.</summary>
    /// <returns>False for any length but 10 and 12.</returns>
    public static bool TryFrom(ReadOnlySpan<byte> bytes, out KeySerialNumber ksn)
    {
        ksn = default;
        if (bytes.Length is not (10 or 12))
            return false;
        UInt128 number = 0;
        foreach (var item in bytes)
            number = (number << 8) | item;
        ksn = new(number, (byte)bytes.Length);
        return true;
    }

    /// <summary>Writes the serial number.</summary>
    /// <returns>The number of bytes written, <see cref="Length"/>.</returns>
    public int CopyTo(Span<byte> target)
    {
        for (var index = 0; index < length; index++)
            target[index] = (byte)(value >> (8 * (length - 1 - index)));
        return length;
    }
}
