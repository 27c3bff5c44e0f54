namespace Processor.Ledger;

/// <summary>What became of an operation that left a hold field. Values are kept in Redis and never renumbered.</summary>
public enum HoldState : byte
{
    /// <summary>Money is held.</summary>
    Open = 1,

    /// <summary>Money is held until a decision made elsewhere, at most until the deadline.</summary>
    Pending = 2,

    /// <summary>Undone by a reversal, an advice or the program; nothing is held.</summary>
    Released = 3,

    /// <summary>Its expiry passed.</summary>
    Expired = 4,

    /// <summary>The money has moved; nothing is held.</summary>
    Posted = 5,

    /// <summary>A reversal that came before its original.</summary>
    Tombstone = 6,

    /// <summary>Nothing was held or moved, but the answer is kept: inquiries, verifications, reversals, advices that changed another hold, an original whose tombstone was there first.</summary>
    Noted = 7,

    /// <summary>Declined after it had been held or accepted: the stored answer is the decline.</summary>
    Declined = 8,
}
