namespace Processor.Iso8583;

/// <summary>How the characters of an element become bytes.</summary>
public enum ContentEncoding : byte
{
    /// <summary>One ASCII byte a character.</summary>
    Ascii,

    /// <summary>One ISO 8859-1 byte a character.</summary>
    Latin1,

    /// <summary>
    /// Two digits a byte, high nibble first. <c>=</c> of a track is nibble D; the sign of an <c>x+n</c> element
    /// stays one ASCII byte before its digits.
    /// </summary>
    Bcd,

    /// <summary>The bytes themselves; for <c>b</c> elements.</summary>
    Binary,

    /// <summary>Two ASCII hexadecimal digits a byte; for <c>b</c> elements.</summary>
    Hex,

    /// <summary>Two EBCDIC hexadecimal digits a byte; for <c>b</c> elements. The digits are the same in every code page.</summary>
    HexEbcdic,

    /// <summary>One EBCDIC byte a character, code page 037 (United States).</summary>
    Ebcdic037,

    /// <summary>One EBCDIC byte a character, code page 500 (international).</summary>
    Ebcdic500,

    /// <summary>One EBCDIC byte a character, code page 1047 (open systems), which jPOS uses.</summary>
    Ebcdic1047,
}
