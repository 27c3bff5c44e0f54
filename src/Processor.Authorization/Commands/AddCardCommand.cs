using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Adds a card to its account. A card of that identifier that is there already is left as it is.</summary>
public sealed class AddCardCommand : AccountCommand
{
    /// <summary>The card; its ordinal is given by the account.</summary>
    public required CardRecord Card { get; init; }

    /// <summary>Limits of the card; null for none.</summary>
    public LimitRecord? Limits { get; init; }

    /// <summary>The card's ordinal, once done.</summary>
    public ushort Ordinal { get; private set; }

    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        if (!account.Exists)
            return Say(CommandResult.NotFound);
        Ordinal = account.FindCard(Card.CardId);
        if (Ordinal != 0)
            return Say(CommandResult.DoneBefore);
        Ordinal = account.AddCard(Card);
        if (Limits is { } limits)
            account.SetLimits(Ordinal, in limits);
        var record = new EventRecord { Type = EventType.CardAdded, CardId = Card.CardId, CardStatus = Card.Status };
        return Do(account, ref record, 0, 0);
    }
}
