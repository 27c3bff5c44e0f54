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
}
