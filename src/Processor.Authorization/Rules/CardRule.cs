using Processor.Cards;

namespace Processor.Authorization;

/// <summary>The card must be known, usable, good on this day, and be the one that the message describes.</summary>
internal static class CardRule
{
    internal static DeclineReason Check(in Scene scene)
    {
        if (!scene.IsProgramKnown || !scene.Account.HasCard(scene.Request.Card))
            return DeclineReason.CardNotFound;
        ref readonly var card = ref scene.Account.Card(scene.Request.Card);
        var reason = CheckEnded(card.Status);
        if (reason != DeclineReason.None)
            return reason;

        // Money may come back to a card that is frozen or has run out.
        if (scene.Request.Kind == TransactionKind.Refund)
            return DeclineReason.None;

        // A card is good through the last day of its month, not up to it.
        if (scene.Calendar.YearMonth > card.Expiry)
            return DeclineReason.CardExpired;
        if (scene.Request.Expiry != 0 && scene.Request.Expiry != card.Expiry)
            return DeclineReason.ExpiryMismatch;
        return card.Status switch
        {
            CardStatus.Active => DeclineReason.None,
            CardStatus.Frozen => DeclineReason.CardFrozen,
            _ => DeclineReason.CardNotActivated,
        };
    }

    private static DeclineReason CheckEnded(CardStatus status) => status switch
    {
        CardStatus.Stolen => DeclineReason.CardStolen,
        CardStatus.Lost => DeclineReason.CardLost,
        CardStatus.Closed => DeclineReason.CardClosed,
        _ => DeclineReason.None,
    };
}
