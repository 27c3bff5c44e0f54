using Processor.Cards;

namespace Processor.Records;

/// <summary>An account as Postgres knows it. Its balances and status are the ledger's.</summary>
public sealed record Account
{
    /// <summary>Its identifier in the façade and in the ledger.</summary>
    public required Ulid Id { get; init; }

    /// <summary>Its currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>The program's own name for it; null for none.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The oldest card that draws on it; null for none.</summary>
    public Ulid? CardId { get; init; }

    /// <summary>Counts changes of this row, from 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When its creation was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
