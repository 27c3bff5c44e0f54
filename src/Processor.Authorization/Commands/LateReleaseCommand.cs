using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Undoes a decision whose answer missed its deadline: the sender was told 91, so nothing may stay held or moved, and a
/// repeat is told 91 too. Decided before everything that waits.</summary>
public sealed class LateReleaseCommand : AccountCommand
{
    /// <summary>Goes before all that waits.</summary>
    public LateReleaseCommand()
    {
        GoesFirst = true;
        NeedsFreshAccount = false;
    }

    /// <summary>Request key of the decision.</summary>
    public required UInt128 RequestKey { get; init; }

    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        if (!account.Exists)
            return Say(CommandResult.NotFound);
        var slot = account.FindHold(RequestKey);
        if (slot < 0 && !account.HasEveryHold)
            return DecideResult.NeedsHolds;
        if (slot < 0)
        {
            // A decline needs no undoing, but its repeat must hear what its sender heard.
            return account.TryChangeDecline(RequestKey, DeclineReason.IssuerUnavailable)
                ? Say(CommandResult.Done, DecideResult.Changed)
                : Say(CommandResult.NotFound);
        }

        if ((account.Hold(slot).Traits & HoldTraits.Late) != 0)
            return Say(CommandResult.DoneBefore);
        DueHolds.EndLate(account, programs, slot);
        return Say(CommandResult.Done, DecideResult.Changed);
    }
}
