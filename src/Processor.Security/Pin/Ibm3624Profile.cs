namespace Processor.Security;

/// <summary>How a product makes natural PINs: the settings of IBM 3624. Comes from configuration, never from a message.</summary>
public sealed class Ibm3624Profile
{
    private readonly byte[] table = new byte[16];

    /// <param name="decimalisationTable">16 decimal digits; the n-th is what the hexadecimal digit n becomes.</param>
    /// <param name="validationStart">The first digit of the PAN that is taken, from 0.</param>
    /// <param name="validationLength">1 to 16 digits; fewer where the PAN ends before.</param>
    /// <param name="pad">A hexadecimal digit that fills the rest.</param>
    /// <exception cref="ArgumentException">A value is out of range, or the table has fewer than four different digits, which would
    /// let natural PINs be guessed.</exception>
    public Ibm3624Profile(string decimalisationTable = "0123456789012345", int validationStart = 0, int validationLength = 16, char pad = 'F')
    {
        if (decimalisationTable.Length != 16 || !decimalisationTable.All(char.IsAsciiDigit))
            throw new ArgumentException("A decimalisation table has 16 digits.", nameof(decimalisationTable));
        if (decimalisationTable.Distinct().Count() < 4)
            throw new ArgumentException("A decimalisation table has at least four different digits.", nameof(decimalisationTable));
        if (!char.IsAsciiHexDigit(pad))
            throw new ArgumentException("The pad is a hexadecimal digit.", nameof(pad));
        if (validationStart is < 0 or > 18)
            throw new ArgumentException("The validation data starts within the PAN.", nameof(validationStart));
        if (validationLength is < 1 or > 16)
            throw new ArgumentException("The validation data has 1 to 16 digits.", nameof(validationLength));
        for (var index = 0; index < table.Length; index++)
            table[index] = (byte)(decimalisationTable[index] - '0');
        ValidationStart = validationStart;
        ValidationLength = validationLength;
        Pad = (byte)Convert.ToInt32(pad.ToString(), 16);
    }

    /// <summary>The first digit of the PAN that is taken, from 0.</summary>
    public int ValidationStart { get; }

    /// <summary>The most digits taken.</summary>
    public int ValidationLength { get; }

    /// <summary>The value of the filling digit, 0 to 15.</summary>
    public byte Pad { get; }

    /// <summary>16 values of 0 to 9.</summary>
    public ReadOnlySpan<byte> DecimalisationTable => table;
}
