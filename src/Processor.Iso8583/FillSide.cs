namespace Processor.Iso8583;

/// <summary>How content that is too short for a fixed element is filled when it is written.</summary>
public enum FillSide : byte
{
    /// <summary>Digits with zeros from the left, text with spaces from the right.</summary>
    Standard,

    /// <summary>Spaces from the left.</summary>
    LeftSpace,

    /// <summary>Spaces from the right.</summary>
    RightSpace,

    /// <summary>Zeros from the left.</summary>
    LeftZero,

    /// <summary>Zeros from the right.</summary>
    RightZero,
}
