namespace Processor.Security;

/// <summary>The formats of ISO 9564-1.</summary>
public enum PinBlockFormat : byte
{
    /// <summary>Filled with F and combined with the PAN.</summary>
    Iso0 = 0,

    /// <summary>With random filling and without the PAN.</summary>
    Iso1 = 1,

    /// <summary>For the chip alone.</summary>
    Iso2 = 2,

    /// <summary>Filled at random and combined with the PAN.</summary>
    Iso3 = 3,

    /// <summary>For AES: 16 bytes, bound to the PAN.</summary>
    Iso4 = 4,
}
