namespace Processor.Cards;

/// <summary>A command that was ordered for a card's chip.</summary>
/// <param name="Number">Of the order; higher for later ones. Kept with the card once it has been sent.</param>
/// <param name="AccountId">The card's account.</param>
/// <param name="Card">The card's ordinal in it.</param>
/// <param name="Command">What the chip is to do.</param>
/// <param name="Template">0x71: before the chip's last cryptogram; 0x72: after it.</param>
/// <param name="DataObject">The tag that is given a value, of one or two bytes; 0 but for <see cref="ScriptCommand.PutData"/>.</param>
/// <param name="Data">Its value, at most <see cref="DataLengthMax"/> bytes; for <see cref="ScriptCommand.PinChange"/> the new PIN under a key of the security module;
/// empty for other commands.</param>
public sealed record ScriptOrder(int Number, Ulid AccountId, ushort Card, ScriptCommand Command, byte Template, ushort DataObject, ReadOnlyMemory<byte> Data)
{
    /// <summary>The most bytes of a value.</summary>
    public const int DataLengthMax = 32;
}
