using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Moves a card to another state. A card that is in it already stays, and that is said to be done before.</summary>
public sealed class SetCardStatusCommand : AccountCommand
{
    /// <summary>The card.</summary>
    public required Ulid CardId { get; init; }

    /// <summary>The new state.</summary>
    public required CardStatus Status { get; init; }

    /// <summary>The revision that the caller saw; 0 for any.</summary>
    public int Revision { get; init; }

    /// <summary>The card after the command.</summary>
    public CardRecord Card { get; private set; }

    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        var ordinal = account.Exists ? account.FindCard(CardId) : (ushort)0;
        if (ordinal == 0)
            return Say(CommandResult.NotFound);
        Card = account.Card(ordinal);
        if (WasDone(account, (long)Status, 0))
            return DecideResult.Unchanged;
        if (Revision != 0 && Card.Revision != Revision)
            return Say(CommandResult.Conflict);
        if (Card.Status == Status)
            return Say(CommandResult.DoneBefore);
        if (!CardTransitions.Allows(Card.Status, Status))
            return Say(CommandResult.InvalidState);
        ref var card = ref account.ChangeCard(ordinal);
        card.Status = Status;
        card.Revision++;
        Card = card;
        var record = new EventRecord { Type = EventType.CardStatusChanged, CardId = CardId, CardStatus = Status };
        return Do(account, ref record, (long)Status, 0);
    }
}
