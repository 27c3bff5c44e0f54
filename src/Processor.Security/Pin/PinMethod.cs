namespace Processor.Security;

/// <summary>How a card's PIN is checked.</summary>
public enum PinMethod : byte
{
    None,

    /// <summary>By the Visa PIN verification value.</summary>
    VisaPvv,

    /// <summary>By the offset to the natural PIN of IBM 3624.</summary>
    Ibm3624,

    /// <summary>By comparison with a PIN block that is stored under a key of the module.</summary>
    Stored,
}
