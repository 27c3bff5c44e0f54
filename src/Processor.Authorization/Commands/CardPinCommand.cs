using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Something that a program asks for a card's PIN. Sent again after a lost answer it does not undo what happened since: another PIN,
/// or PINs that were wrong.</summary>
public abstract class CardPinCommand : AccountCommand
{
    /// <summary>The card.</summary>
    public required Ulid CardId { get; init; }

    internal sealed override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        var ordinal = account.Exists ? account.FindCard(CardId) : (ushort)0;
        if (ordinal == 0)
            return Say(CommandResult.NotFound);
        if (WasDone(account, 0, 0))
            return DecideResult.Unchanged;
        if (account.Card(ordinal).Status is CardStatus.Closed or CardStatus.Lost or CardStatus.Stolen)
            return Say(CommandResult.InvalidState);
        return Decide(account, ordinal);
    }

    /// <summary>Carries it out on a card that may be used.</summary>
    private protected abstract DecideResult Decide(AccountAggregate account, ushort card);

    /// <summary>Gives back all tries and records what happened.</summary>
    private protected DecideResult GiveTriesBack(AccountAggregate account, ushort ordinal, EventType type)
    {
        ref var card = ref account.ChangeCard(ordinal);
        card.PinTries = 0;
        card.Revision++;
        var record = new EventRecord { Type = type, CardId = CardId };
        return Do(account, ref record, 0, 0);
    }
}
