using Processor.Cards;

namespace Processor.Records;

/// <summary>What is known of an idempotency key.</summary>
public sealed record IdempotencyKey
{
    /// <summary>SHA-256 of the first request under it.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>When the request that carries it out began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its answer was stored; null while there is none.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>HTTP status of the stored answer.</summary>
    public short? Status { get; init; }

    /// <summary>Body of the stored answer.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The kind of what the first request makes or changes.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Identifier of what the first request makes or changes; it stays when another request takes over.</summary>
    public required Ulid ResourceId { get; init; }
}
