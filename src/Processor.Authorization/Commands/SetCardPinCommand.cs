using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Gives a card a PIN of its own, or another, with all its tries. What is authorized after it is checked against that one, on every host.</summary>
public sealed class SetCardPinCommand : AccountCommand
{
    /// <summary>The card.</summary>
    public required Ulid CardId { get; init; }

    /// <summary>What the PIN is checked against.</summary>
    public required CardPin Pin { get; init; }

    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        var ordinal = account.Exists ? account.FindCard(CardId) : (ushort)0;
        if (ordinal == 0)
            return Say(CommandResult.NotFound);

        // Sent again after a lost answer it does not undo a PIN that was set since.
        if (WasDone(account, 0, 0))
            return DecideResult.Unchanged;
        if (account.Card(ordinal).Status is CardStatus.Closed or CardStatus.Lost or CardStatus.Stolen)
            return Say(CommandResult.InvalidState);
        ref var card = ref account.ChangeCard(ordinal);
        card.Pin = Pin;
        card.PinVersion++;
        card.PinTries = 0;
        card.Revision++;
        var record = new EventRecord { Type = EventType.PinChanged, CardId = CardId };
        return Do(account, ref record, 0, 0);
    }
}
