using Processor.Cards;

namespace Processor.Records;

/// <summary>What a program sells: the kind of card, and what it allows.</summary>
public sealed record CardProduct
{
    /// <summary>Its number in the ledger's records; given by Postgres.</summary>
    public int Number { get; init; }

    /// <summary>Its identifier in the façade.</summary>
    public required Ulid Id { get; init; }

    /// <summary>Number of its program.</summary>
    public required int Program { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Currency of the accounts behind its cards.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The ledger's card options as a number.</summary>
    public required int Options { get; init; }

    /// <summary>Months from issuance to the card's last day, 1 to 240.</summary>
    public required short ExpiryMonths { get; init; }

    /// <summary>Limits of each new card, as <see cref="LimitsDocument"/>; null for none.</summary>
    public string? Limits { get; init; }

    /// <summary>False when no new card is made of it.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
