namespace Processor.Ledger;

/// <summary>What a product allows a card. Values are kept in Redis and never renumbered.</summary>
[Flags]
public enum CardOptions : ushort
{
    /// <summary>Purchases only, in full.</summary>
    None = 0,

    /// <summary>A part may be approved when the terminal supports it.</summary>
    PartialApproval = 1,

    /// <summary>Cash and cash back.</summary>
    Cash = 2,

    /// <summary>A DE 4 of zero is answered 85 when good, where the network's table says so; else 00.</summary>
    Verification = 4,

    /// <summary>Where the chip was read there must be its cryptogram.</summary>
    DemandsCryptogram = 8,

    /// <summary>Where neither chip nor stripe was read there must be the CVV2.</summary>
    DemandsVerificationValue = 16,

    /// <summary>Cash and cash back need the PIN.</summary>
    DemandsPinForCash = 32,

    /// <summary>What is done without contact needs the PIN.</summary>
    DemandsPinWithoutContact = 64,
}
