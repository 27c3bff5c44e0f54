using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Sets the limits of a card, or of the account when no card is named.</summary>
public sealed class SetLimitsCommand : AccountCommand
{
    /// <summary>The card; <see cref="Ulid.None"/> for the account.</summary>
    public Ulid CardId { get; init; }

    /// <summary>The new limits.</summary>
    public required LimitRecord Limits { get; init; }

    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        var ordinal = account.Exists && CardId != Ulid.None ? account.FindCard(CardId) : (ushort)0;
        if (!account.Exists || (CardId != Ulid.None && ordinal == 0))
            return Say(CommandResult.NotFound);
        if (WasDone(account, 0, Limits.Currency))
            return DecideResult.Unchanged;
        account.SetLimits(ordinal, Limits);
        var record = new EventRecord { Type = EventType.LimitsChanged, CardId = CardId };
        return Do(account, ref record, 0, Limits.Currency);
    }
}
