namespace Processor.Cards;

/// <summary>What the cardholder does, from DE 3 positions 1 and 2. Values are kept in the ledger and never renumbered.</summary>
public enum TransactionKind : byte
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>00: goods and services.</summary>
    Purchase = 1,

    /// <summary>01: cash withdrawal.</summary>
    Cash = 2,

    /// <summary>09: goods and services with cash back.</summary>
    Cashback = 3,

    /// <summary>20: credit for returned goods.</summary>
    Refund = 4,

    /// <summary>30 and 31: balance inquiry.</summary>
    BalanceInquiry = 5,

    /// <summary>00 with a zero amount: is this card good.</summary>
    Verification = 6,

    /// <summary>Money added by the program.</summary>
    TopUp = 7,

    /// <summary>Money taken back by the program.</summary>
    Withdraw = 8,
}
