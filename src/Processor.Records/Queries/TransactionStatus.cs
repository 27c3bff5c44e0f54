namespace Processor.Records;

/// <summary>Where a transaction stands, as its events tell.</summary>
public enum TransactionStatus
{
    /// <summary>Money is held, or a credit is announced.</summary>
    Pending,

    /// <summary>A part has moved, a part is held.</summary>
    PartiallyCleared,

    /// <summary>The money has moved.</summary>
    Cleared,

    /// <summary>Undone: nothing is held and nothing has moved in the end.</summary>
    Reversed,

    /// <summary>What was held ran out of time.</summary>
    Expired,

    /// <summary>Refused, or answered too late, so that nothing came of it.</summary>
    Declined,

    /// <summary>Money came back to the account.</summary>
    Refunded,

    /// <summary>A part of the money that had moved came back to the account.</summary>
    PartiallyRefunded,

    /// <summary>A card was checked with a zero amount.</summary>
    Verified,

    /// <summary>Balances were asked.</summary>
    Inquiry,
}
