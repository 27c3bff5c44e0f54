using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Decides every operation of the ledger. A struct, so that a lane calls it directly.</summary>
public readonly struct AuthorizationDecide(ProgramDirectory programs, TimeSpan repeatWindow) : IDecide
{
    private readonly long repeatWindow = (long)repeatWindow.TotalMilliseconds;

    /// <inheritdoc/>
    public DecideResult Decide(LedgerOperation operation, AccountAggregate account)
    {
        if (account.Exists && account.Account.NextDue <= account.Now)
        {
            if (!account.HasEveryHold)
                return DecideResult.NeedsHolds;
            DueHolds.Settle(account, programs);
        }

        return operation switch
        {
            AuthorizationOperation authorization => Decide(authorization, account),
            AccountCommand command => command.Decide(account, programs),
            _ => throw new ArgumentException("Not an operation of this project.", nameof(operation)),
        };
    }

    private DecideResult Decide(AuthorizationOperation operation, AccountAggregate account)
    {
        operation.Answer = default;
        if (!account.Exists)
        {
            operation.Answer.Kind = AnswerKind.Declined;
            operation.Answer.Reason = DeclineReason.CardNotFound;
            return DecideResult.Unchanged;
        }

        if (!operation.IsAbandoned && AsksForPin(operation, account))
            return DecideResult.Asks;
        var scene = new Scene(operation, account, programs, repeatWindow);
        if (operation.IsAbandoned)
            return RequestDecision.DecideAbandoned(ref scene);
        return operation.Request.Class switch
        {
            MessageClass.Authorization or MessageClass.Financial => RequestDecision.Decide(ref scene),
            MessageClass.AuthorizationAdvice or MessageClass.FinancialAdvice => AdviceDecision.Decide(ref scene),
            MessageClass.Reversal or MessageClass.ReversalAdvice => ReversalDecision.Decide(ref scene),
            _ => throw new ArgumentException("A message of that class is not decided here.", nameof(operation)),
        };
    }

    /// <summary>A PIN is checked against the one that the card has now: another that was set meanwhile, at whichever host, is asked for.</summary>
    private static bool AsksForPin(AuthorizationOperation operation, AccountAggregate account)
    {
        ref readonly var outcome = ref operation.Request.Credentials;
        if (!outcome.HasPin || !account.HasCard(operation.Request.Card))
            return false;
        ref readonly var card = ref account.Card(operation.Request.Card);
        if (card.PinVersion == outcome.PinVersion)
            return false;
        operation.Pin = card.Pin;
        operation.PinVersion = card.PinVersion;
        return true;
    }
}
