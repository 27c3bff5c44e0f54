using Processor.Cards;

namespace Processor.Records;

/// <summary>One move of a card from state to state.</summary>
public sealed record CardTransition
{
    /// <summary>Its identifier; later moves have larger ones.</summary>
    public required Ulid Id { get; init; }

    /// <summary>The card.</summary>
    public required Ulid CardId { get; init; }

    /// <summary>The state before; null for the first.</summary>
    public CardStatus? From { get; init; }

    /// <summary>The state since.</summary>
    public required CardStatus To { get; init; }

    /// <summary>Decision time.</summary>
    public required DateTimeOffset At { get; init; }
}
