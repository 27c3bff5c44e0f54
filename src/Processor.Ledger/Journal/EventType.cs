namespace Processor.Ledger;

/// <summary>What happened. Values are kept in the journal and never renumbered.</summary>
public enum EventType : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>0100 that holds, or its decline.</summary>
    Authorization = 1,

    /// <summary>0120 that set or changed a hold.</summary>
    AuthorizationAdvice = 2,

    /// <summary>0400 or 0420 of a hold.</summary>
    AuthorizationReversal = 3,

    /// <summary>A hold's expiry passed.</summary>
    AuthorizationExpiry = 4,

    /// <summary>0200 that posted at once, or its decline.</summary>
    FinancialAuthorization = 5,

    /// <summary>0220.</summary>
    FinancialAdvice = 6,

    /// <summary>0400 or 0420 of something posted.</summary>
    FinancialReversal = 7,

    /// <summary>0100 of a refund: nothing moves.</summary>
    CreditAuthorization = 8,

    /// <summary>A balance was asked.</summary>
    BalanceInquiry = 9,

    /// <summary>A card was checked with a zero amount.</summary>
    AccountVerification = 10,

    /// <summary>A reversal whose original is not known.</summary>
    UnmatchedReversal = 11,

    /// <summary>The answer missed its deadline; the sender was told 91 and nothing is held.</summary>
    LateRelease = 12,

    /// <summary>A pending hold was not decided in time.</summary>
    PendingTimeout = 13,

    /// <summary>0200 of a refund that credited at once.</summary>
    Refund = 14,

    /// <summary>The program added money.</summary>
    TopUp = 20,

    /// <summary>The program took money back.</summary>
    Withdraw = 21,

    /// <summary>An account was opened.</summary>
    AccountOpened = 30,

    /// <summary>An account was paused, resumed or closed.</summary>
    AccountStatusChanged = 31,

    /// <summary>A card was added.</summary>
    CardAdded = 32,

    /// <summary>A card was frozen, unfrozen, activated or ended.</summary>
    CardStatusChanged = 33,

    /// <summary>Limits were set.</summary>
    LimitsChanged = 34,

    /// <summary>The program let a card's PIN be tried again.</summary>
    PinTriesReset = 35,

    /// <summary>A card was given a PIN of its own, or another.</summary>
    PinChanged = 36,
}
