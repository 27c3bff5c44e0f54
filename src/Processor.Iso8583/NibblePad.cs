namespace Processor.Iso8583;

/// <summary>Where the filler nibble of an odd number of BCD digits stands.</summary>
public enum NibblePad : byte
{
    /// <summary>Before the first digit; it is 0.</summary>
    Left0,

    /// <summary>After the last digit; 0 is written, 0 and F are read.</summary>
    Right0,

    /// <summary>After the last digit; F is written, 0 and F are read.</summary>
    RightF,

    /// <summary>Before the first digit; it is F.</summary>
    LeftF,

    /// <summary>There is none: an odd number of digits is an error.</summary>
    None,
}
