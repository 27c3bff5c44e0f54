using Processor.Cards;

namespace Processor.Api;

/// <summary>Why something was declined, and what can be done.</summary>
/// <param name="Reason">The façade's word.</param>
/// <param name="Hint">A sentence for the cardholder; null when there is nothing for them to do or to know.</param>
/// <param name="Retryable"><c>never</c>, <c>after_fix</c> or <c>later</c>.</param>
internal sealed record DeclineBody(string Reason, string? Hint, string Retryable)
{
    private const string AfterFix = "after_fix";
    private const string Later = "later";
    private const string Never = "never";

    internal static DeclineBody? Of(DeclineReason reason)
    {
        if (reason == DeclineReason.None)
            return null;
        var (hint, retryable) = Advice(reason);
        return new(DeclineReasons.CodeOf(reason), hint, retryable);
    }

    private static (string? Hint, string Retryable) Advice(DeclineReason reason) => reason switch
    {
        DeclineReason.FormatError or DeclineReason.InvalidTransaction or DeclineReason.InvalidAmount => (null, Never),
        DeclineReason.DuplicateRefused or DeclineReason.MissingOriginal => (null, Never),
        DeclineReason.IssuerUnavailable or DeclineReason.SystemError => ("Try again.", Later),
        DeclineReason.DeclinedElsewhere => (null, Later),
        DeclineReason.CardNotFound => (null, Never),
        DeclineReason.CardStolen or DeclineReason.CardLost or DeclineReason.CardClosed => ("Use the new card.", Never),
        DeclineReason.CardExpired => ("The card has expired. Use the new card.", Never),
        DeclineReason.ExpiryMismatch => ("Check the expiry date.", AfterFix),
        DeclineReason.CardNotActivated => ("Activate the card first.", AfterFix),
        DeclineReason.CardFrozen => ("The card is frozen. Unfreeze it first.", AfterFix),
        DeclineReason.ProgramSuspended or DeclineReason.AccountPaused => ("The account is paused. Contact support.", AfterFix),
        DeclineReason.TransactionNotPermittedCardholder => ("The card does not do this kind of transaction.", Never),
        DeclineReason.TransactionNotPermittedTerminal => (null, Never),
        DeclineReason.CurrencyNotSupported => ("The card does not pay in this currency.", Never),
        DeclineReason.CardDataMismatch or DeclineReason.CryptogramInvalid or DeclineReason.CounterRefused => (null, Never),
        DeclineReason.TrackValueInvalid or DeclineReason.ServiceCodeInvalid => (null, Never),
        DeclineReason.VerificationValueInvalid or DeclineReason.VerificationValueRequired => ("Check the security code.", AfterFix),
        DeclineReason.PinTriesExceeded => ("Too many wrong PINs. Contact support.", AfterFix),
        DeclineReason.PinInvalid => ("The PIN is wrong.", AfterFix),
        DeclineReason.SecurityModuleUnavailable => ("Try again.", Later),
        DeclineReason.CryptogramRequired => ("Insert the card.", AfterFix),
        DeclineReason.PinRequired or DeclineReason.StrongAuthenticationRequired => ("Enter the PIN.", AfterFix),
        DeclineReason.AmountLimit or DeclineReason.WithdrawalLimit => ("A spending limit is reached.", Later),
        DeclineReason.CountLimit => ("The number of payments allowed is reached.", Later),
        DeclineReason.InsufficientFunds => ("There is not enough money.", Later),
        DeclineReason.TooManyHolds => ("Too many payments are still open.", Later),
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "No advice for that reason."),
    };
}
