namespace Processor.Cards;

/// <summary>Why a request is declined, in order of precedence: of several that apply, the lowest number is given.</summary>
/// <remarks>The values are kept in the journal: gaps are for later members, and a landed value is never renumbered.
/// The table to DE 39 of each network stands in <c>specs/response-codes</c>; the API's words are <see cref="DeclineReasons.CodeOf"/>.</remarks>
public enum DeclineReason : short
{
    /// <summary>Not declined.</summary>
    None = 0,

    /// <summary>The message cannot be read as its dialect and class demand.</summary>
    FormatError = 10,

    /// <summary>The transaction type is unknown, or makes no sense in this message class.</summary>
    InvalidTransaction = 20,

    /// <summary>The amount is missing, zero where it must not be, or larger than the ledger can hold.</summary>
    InvalidAmount = 30,

    /// <summary>The same request key came with another amount.</summary>
    DuplicateRefused = 40,

    /// <summary>The ledger cannot be reached, or its answer missed the deadline.</summary>
    IssuerUnavailable = 50,

    /// <summary>A mistake of our own.</summary>
    SystemError = 60,

    /// <summary>An advice tells that the request was declined by whoever stood in.</summary>
    DeclinedElsewhere = 70,

    /// <summary>No card of that PAN, or its check digit or range is wrong.</summary>
    CardNotFound = 100,

    /// <summary>The card was reported stolen.</summary>
    CardStolen = 110,

    /// <summary>The card was reported lost.</summary>
    CardLost = 120,

    /// <summary>The card was closed.</summary>
    CardClosed = 130,

    /// <summary>The card's last day has passed.</summary>
    CardExpired = 140,

    /// <summary>DE 14 or the track names another expiry than the card's.</summary>
    ExpiryMismatch = 150,

    /// <summary>The card waits for activation.</summary>
    CardNotActivated = 160,

    /// <summary>The card is frozen.</summary>
    CardFrozen = 170,

    /// <summary>The program is suspended.</summary>
    ProgramSuspended = 180,

    /// <summary>The account is paused or closed.</summary>
    AccountPaused = 190,

    /// <summary>The product does not allow this kind of transaction to the cardholder.</summary>
    TransactionNotPermittedCardholder = 200,

    /// <summary>The terminal may not ask for this kind of transaction.</summary>
    TransactionNotPermittedTerminal = 210,

    /// <summary>Neither the billing nor the transaction currency is one of the account's.</summary>
    CurrencyNotSupported = 220,

    /// <summary>An increment or completion names an original that is not known.</summary>
    MissingOriginal = 230,

    /// <summary>The message says two things about the card or the amount: element, track and chip do not agree.</summary>
    CardDataMismatch = 240,

    /// <summary>The chip's cryptogram is wrong or cannot be read.</summary>
    CryptogramInvalid = 242,

    /// <summary>The chip's transaction counter has come before, or is too far from those that came.</summary>
    CounterRefused = 244,

    /// <summary>CVV, CVC, iCVV or chip CVC of the track is wrong.</summary>
    TrackValueInvalid = 250,

    /// <summary>The track has another service code than the card.</summary>
    ServiceCodeInvalid = 252,

    /// <summary>CVV2 or CVC2 is wrong.</summary>
    VerificationValueInvalid = 254,

    /// <summary>Too many wrong PINs; even the right one is refused.</summary>
    PinTriesExceeded = 260,

    /// <summary>The PIN is wrong, or cannot be read.</summary>
    PinInvalid = 262,

    /// <summary>Something had to be checked and the security module gave no answer.</summary>
    SecurityModuleUnavailable = 270,

    /// <summary>The product wants the chip's cryptogram, and there is none.</summary>
    CryptogramRequired = 280,

    /// <summary>The product wants the CVV2, and there is none.</summary>
    VerificationValueRequired = 282,

    /// <summary>The product wants the PIN, and there is none.</summary>
    PinRequired = 284,

    /// <summary>The product wants the cardholder to prove who they are, and they have not.</summary>
    StrongAuthenticationRequired = 286,

    /// <summary>A limit on the amount of one or of all transactions of a window.</summary>
    AmountLimit = 300,

    /// <summary>The same, for cash.</summary>
    WithdrawalLimit = 310,

    /// <summary>A limit on the number of transactions of a window.</summary>
    CountLimit = 320,

    /// <summary>Available is less than the amount.</summary>
    InsufficientFunds = 400,

    /// <summary>The account holds as many open holds as it may.</summary>
    TooManyHolds = 410,
}
