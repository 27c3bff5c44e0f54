using System.Text;

namespace Processor.Iso8583;

/// <summary>
/// One EBCDIC code page as two tables. All three map their 256 bytes one to one onto ISO 8859-1, and share letters,
/// digits, space, and the signs of a track.
/// </summary>
internal sealed class CodePage
{
    private readonly byte[] _toLatin1 = new byte[256];
    private readonly byte[] _fromLatin1 = new byte[256];

    private CodePage(int number)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(number)
            ?? throw new InvalidOperationException($"The runtime has no code page {number}.");
        for (int value = 0; value < 256; value++)
        {
            char character = encoding.GetString([(byte)value])[0];
            _toLatin1[value] = (byte)character;
            _fromLatin1[(byte)character] = (byte)value;
        }
    }

    public static CodePage Cp037 { get; } = new(37);

    public static CodePage Cp500 { get; } = new(500);

    public static CodePage Cp1047 { get; } = new(1047);

    /// <summary>The code page of an encoding, or null when it is not EBCDIC.</summary>
    public static CodePage? Of(ContentEncoding encoding) => encoding switch
    {
        ContentEncoding.Ebcdic037 => Cp037,
        ContentEncoding.Ebcdic500 or ContentEncoding.HexEbcdic => Cp500,
        ContentEncoding.Ebcdic1047 => Cp1047,
        _ => null,
    };

    public byte ToLatin1(byte ebcdic) => _toLatin1[ebcdic];

    public byte FromLatin1(byte latin1) => _fromLatin1[latin1];

    public void ToLatin1(ReadOnlySpan<byte> ebcdic, Span<byte> latin1)
    {
        for (int index = 0; index < ebcdic.Length; index++)
            latin1[index] = _toLatin1[ebcdic[index]];
    }

    public void FromLatin1(ReadOnlySpan<byte> latin1, Span<byte> ebcdic)
    {
        for (int index = 0; index < latin1.Length; index++)
            ebcdic[index] = _fromLatin1[latin1[index]];
    }
}
