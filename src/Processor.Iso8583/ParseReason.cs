namespace Processor.Iso8583;

/// <summary>Why a frame was rejected.</summary>
public enum ParseReason : byte
{
    None,

    /// <summary>The frame ends inside the header before the MTI.</summary>
    TruncatedHeader,

    /// <summary>The frame ends inside the MTI.</summary>
    TruncatedMti,

    /// <summary>The frame ends inside a bitmap.</summary>
    TruncatedBitmap,

    /// <summary>The frame ends inside the length of a variable element.</summary>
    TruncatedLength,

    /// <summary>The frame ends inside the content of an element.</summary>
    TruncatedField,

    /// <summary>The frame ends before its trailer.</summary>
    TruncatedTrailer,

    /// <summary>The MTI holds something other than digits.</summary>
    BadMti,

    /// <summary>A bitmap written as text holds something other than hexadecimal digits.</summary>
    BadBitmap,

    /// <summary>A length is no number, or one that cannot be: odd where nibbles are paired, or not what follows.</summary>
    BadLength,

    /// <summary>The content holds a character outside the element's class.</summary>
    BadCharacter,

    /// <summary>A tag-length-value object is cut short, or its tag or length is none.</summary>
    BadTlv,

    /// <summary>The content is no date or time that exists, where the dialect asks for one.</summary>
    BadDate,

    /// <summary>A variable element is longer than its format allows.</summary>
    LengthOverMax,

    /// <summary>The bitmap announces an element that the dialect does not define.</summary>
    UnknownField,

    /// <summary>Bytes are left after the last element.</summary>
    TrailingData,
}
