namespace Processor.Testing;

/// <summary>How often a proxy does what.</summary>
public sealed record ProxyFaults
{
    /// <summary>Everything passes.</summary>
    public static readonly ProxyFaults None = new();

    /// <summary>Chance, 0 to 1, that a piece from Redis meets each fault.</summary>
    public IReadOnlyList<(ProxyFault Fault, double Chance)> OfReplies { get; init; } = [];

    /// <summary>Chance, 0 to 1, that a piece to Redis meets each fault.</summary>
    public IReadOnlyList<(ProxyFault Fault, double Chance)> OfCommands { get; init; } = [];

    /// <summary>How long something is held back at most.</summary>
    public TimeSpan WaitMax { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>A bit of everything.</summary>
    /// <param name="chance">Of a piece to meet a fault that breaks its connection; it is held back twice as often. Few pieces have what can be
    /// doubled.</param>
    public static ProxyFaults All(double chance) => new()
    {
        OfReplies = [(ProxyFault.Lose, chance / 3), (ProxyFault.Split, chance / 3), (ProxyFault.Double, chance), (ProxyFault.HoldBack, chance)],
        OfCommands = [(ProxyFault.Lose, chance / 4), (ProxyFault.Split, chance / 4), (ProxyFault.ArriveLate, chance / 2), (ProxyFault.HoldBack, chance)],
    };
}
