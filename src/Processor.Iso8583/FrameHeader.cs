namespace Processor.Iso8583;

/// <summary>How the length before a frame is written.</summary>
public enum FrameHeader : byte
{
    /// <summary>Two bytes, big-endian.</summary>
    Binary2,

    /// <summary>Four ASCII digits.</summary>
    Ascii4,

    /// <summary>Five ASCII digits.</summary>
    Ascii5,

    /// <summary>Six ASCII digits.</summary>
    Ascii6,

    /// <summary>Four EBCDIC digits, the same in all code pages.</summary>
    Ebcdic4,

    /// <summary>Five EBCDIC digits.</summary>
    Ebcdic5,

    /// <summary>Six EBCDIC digits.</summary>
    Ebcdic6,

    /// <summary>Four ASCII hexadecimal digits; written in lower case, read in either.</summary>
    Hex4,

    /// <summary>Four BCD digits in two bytes.</summary>
    Bcd2,

    /// <summary>Three bytes, big-endian.</summary>
    Binary3,

    /// <summary>Four bytes, big-endian.</summary>
    Binary4,

    /// <summary>Two bytes, little-endian.</summary>
    Binary2Little,

    /// <summary>Four bytes, little-endian.</summary>
    Binary4Little,

    /// <summary>Two bytes, big-endian, and two bytes for the session behind them, which a reply repeats: VAP and its like.</summary>
    Vap,

    /// <summary>Two zero bytes, then two bytes, big-endian.</summary>
    Zero2Binary2,

    /// <summary>D04A, two bytes big-endian, and 0000 for a message that is whole; one in several frames is not taken.</summary>
    Rbp,

    /// <summary>None: the end is marked, see <see cref="FrameMark"/>.</summary>
    None,
}
