namespace Processor.Iso8583;

/// <summary>How the eight bytes of a bitmap are written.</summary>
public enum BitmapEncoding : byte
{
    /// <summary>Eight bytes.</summary>
    Binary,

    /// <summary>16 ASCII hexadecimal digits; both cases are read, upper case is written.</summary>
    Hex,

    /// <summary>16 ASCII hexadecimal digits; both cases are read, lower case is written.</summary>
    HexLower,

    /// <summary>16 EBCDIC hexadecimal digits.</summary>
    HexEbcdic,
}
