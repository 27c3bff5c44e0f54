using Processor.Cards;

namespace Processor.Records;

/// <summary>An API key as Postgres knows it: never the key.</summary>
public sealed record ApiKeyRow
{
    /// <summary>Its identifier.</summary>
    public required Ulid Id { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Number of the program that it belongs to.</summary>
    public required int Program { get; init; }

    /// <summary>Identifier of that program.</summary>
    public required Ulid ProgramId { get; init; }
}
