namespace Processor.Iso8583;

/// <summary>How the length before a variable element is written.</summary>
public enum LengthEncoding : byte
{
    /// <summary>No length: the element is always as long as its format says.</summary>
    Fixed,

    /// <summary>ASCII digits, one a byte.</summary>
    Ascii,

    /// <summary>BCD digits, two a byte, left-padded with zero.</summary>
    Bcd,

    /// <summary>A big-endian integer.</summary>
    Binary,

    /// <summary>EBCDIC digits, one a byte; the same bytes in every code page.</summary>
    Ebcdic,

    /// <summary>ASCII hexadecimal digits, one a byte; both cases are read, upper case is written.</summary>
    Hex,
}
