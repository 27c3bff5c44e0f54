using Processor.Cards;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Api;

/// <summary>What was checked of a request, in order. The first check that objects decides, and those after it are not made.</summary>
internal sealed record DecisionTraceBody(IReadOnlyList<DecisionTraceBody.CheckBody> Checks)
{
    private const string Pass = "pass";
    private const string Fail = "fail";
    private const string NotReached = "not_reached";
    private const string NotNeeded = "not_needed";

    private static readonly string[] Names = ["message", "card", "account", "permission", "currency", "credentials", "limits", "funds"];

    // Only what takes money needs what stands from here on.
    private const int FirstOfMoney = 6;

    /// <summary>The trace of a request that was decided here; null for anything else, and where no check decided.</summary>
    internal static DecisionTraceBody? Of(TransactionEvent happened)
    {
        var takesMoney = happened.Type is EventType.Authorization or EventType.FinancialAuthorization;
        if (!takesMoney && happened.Type is not (EventType.CreditAuthorization or EventType.Refund or EventType.BalanceInquiry or EventType.AccountVerification))
            return null;
        var failed = happened.Reason == DeclineReason.None ? Names.Length : Array.IndexOf(Names, NameOf(happened.Reason));
        if (failed < 0)
            return null;
        var needed = takesMoney ? Names.Length : FirstOfMoney;
        return new([.. Names.Select((name, index) => new CheckBody(name, ResultOf(index, failed, needed)))]);
    }

    private static string ResultOf(int index, int failed, int needed)
    {
        if (index == failed)
            return Fail;
        if (index >= needed)
            return NotNeeded;
        return index < failed ? Pass : NotReached;
    }

    private static string? NameOf(DeclineReason reason) => reason switch
    {
        DeclineReason.FormatError or DeclineReason.InvalidTransaction or DeclineReason.InvalidAmount => "message",
        >= DeclineReason.CardNotFound and <= DeclineReason.CardFrozen => "card",
        DeclineReason.ProgramSuspended or DeclineReason.AccountPaused => "account",
        DeclineReason.TransactionNotPermittedCardholder or DeclineReason.TransactionNotPermittedTerminal => "permission",
        DeclineReason.CurrencyNotSupported => "currency",
        >= DeclineReason.CardDataMismatch and <= DeclineReason.StrongAuthenticationRequired => "credentials",
        DeclineReason.AmountLimit or DeclineReason.WithdrawalLimit or DeclineReason.CountLimit => "limits",
        DeclineReason.InsufficientFunds or DeclineReason.TooManyHolds => "funds",
        _ => null,
    };

    /// <summary>One check.</summary>
    internal sealed record CheckBody(string Name, string Result);
}
