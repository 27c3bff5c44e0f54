using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Gives a card a PIN of its own, or another, with all its tries. What is authorized after it is checked against that one, on every host.</summary>
public sealed class SetCardPinCommand : CardPinCommand
{
    /// <summary>What the PIN is checked against.</summary>
    public required CardPin Pin { get; init; }

    private protected override DecideResult Decide(AccountAggregate account, ushort card)
    {
        ref var record = ref account.ChangeCard(card);
        record.Pin = Pin;
        record.PinVersion++;
        return GiveTriesBack(account, card, EventType.PinChanged);
    }
}
