using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Lets a card's PIN be tried again. A card without wrong PINs stays as it is, and that is said to be done before.</summary>
public sealed class ResetPinTriesCommand : AccountCommand
{
    /// <summary>The card.</summary>
    public required Ulid CardId { get; init; }

    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        var ordinal = account.Exists ? account.FindCard(CardId) : (ushort)0;
        if (ordinal == 0)
            return Say(CommandResult.NotFound);

        // A reset that is sent again after a lost answer does not forgive the PINs that were wrong since.
        if (WasDone(account, 0, 0))
            return DecideResult.Unchanged;
        if (account.Card(ordinal).Status is CardStatus.Closed or CardStatus.Lost or CardStatus.Stolen)
            return Say(CommandResult.InvalidState);
        if (account.Card(ordinal).PinTries == 0)
            return Say(CommandResult.DoneBefore);
        ref var card = ref account.ChangeCard(ordinal);
        card.PinTries = 0;
        card.Revision++;
        var record = new EventRecord { Type = EventType.PinTriesReset, CardId = CardId };
        return Do(account, ref record, 0, 0);
    }
}
