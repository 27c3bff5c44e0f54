namespace Processor.Security;

/// <summary>What reading the chip's data gave.</summary>
public enum IccStatus : byte
{
    /// <summary>Everything is there.</summary>
    Ok,

    /// <summary>A tag or length reaches beyond the data, or is longer than any in use.</summary>
    Malformed,

    /// <summary>A tag that is needed has not the length of EMV Book 3 annex A.</summary>
    WrongLength,

    /// <summary>A tag that is needed comes twice.</summary>
    Repeated,

    /// <summary>A tag that a cryptogram needs is missing.</summary>
    Incomplete,
}
