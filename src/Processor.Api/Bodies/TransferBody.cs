namespace Processor.Api;

/// <summary>Money that went between the program and a card's account.</summary>
internal sealed record TransferBody
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string State { get; init; }

    public required Side From { get; init; }

    public required Side To { get; init; }

    public required string AccountId { get; init; }

    public required Money Amount { get; init; }

    public required BalancesBody Balances { get; init; }

    public int Version { get; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where money comes from or goes to.</summary>
    internal sealed record Side(string Type, string Id);
}
