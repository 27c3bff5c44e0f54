using Processor.Cards;

namespace Processor.Api;

/// <summary>Another card of the program has that external id.</summary>
/// <param name="cardId">The card that has it.</param>
public sealed class ExternalIdTakenException(Ulid cardId) : Exception($"Card {cardId} has that external id.")
{
    /// <summary>The card that has it.</summary>
    public Ulid CardId { get; } = cardId;
}
