using Processor.Cards;

namespace Processor.Authorization;

/// <summary>Which states of a card lead to which.</summary>
public static class CardTransitions
{
    /// <summary>True when a card may go from one state to the other. Closed, lost and stolen lead nowhere.</summary>
    public static bool Allows(CardStatus from, CardStatus to) => (from, to) switch
    {
        (CardStatus.Closed or CardStatus.Lost or CardStatus.Stolen, _) => false,
        (_, CardStatus.Closed or CardStatus.Lost or CardStatus.Stolen) => true,
        (CardStatus.Active, CardStatus.Frozen) => true,
        (CardStatus.Frozen, CardStatus.Active) => true,
        (CardStatus.Pending, CardStatus.Active or CardStatus.PendingActivation) => true,
        (CardStatus.PendingActivation, CardStatus.Active) => true,
        _ => false,
    };
}
