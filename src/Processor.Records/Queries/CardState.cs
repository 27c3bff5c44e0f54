using Processor.Cards;

namespace Processor.Records;

/// <summary>A card as it was projected last. The ledger itself may be a moment ahead.</summary>
public sealed record CardState
{
    /// <summary>The card.</summary>
    public required Ulid CardId { get; init; }

    /// <summary>Its account.</summary>
    public required Ulid AccountId { get; init; }

    /// <summary>Its number within the account.</summary>
    public int Ordinal { get; init; }

    /// <summary>Its state.</summary>
    public CardStatus Status { get; init; }

    /// <summary>Counts changes of state.</summary>
    public int Revision { get; init; }
}
