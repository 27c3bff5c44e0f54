namespace Processor.Api;

/// <summary>An account as the façade shows it.</summary>
internal sealed record AccountBody
{
    public required string Id { get; init; }

    public required OwnerBody Owner { get; init; }

    public required string Currency { get; init; }

    public required string State { get; init; }

    public required BalancesBody Balances { get; init; }

    public required string? ExternalId { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whose money it is.</summary>
    internal sealed record OwnerBody(string Type, string Id);
}
