using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Lets a card's PIN be tried again. A card without wrong PINs stays as it is, and that is said to be done before.</summary>
public sealed class ResetPinTriesCommand : CardPinCommand
{
    private protected override DecideResult Decide(AccountAggregate account, ushort card) => account.Card(card).PinTries == 0
        ? Say(CommandResult.DoneBefore)
        : GiveTriesBack(account, card, EventType.PinTriesReset);
}
