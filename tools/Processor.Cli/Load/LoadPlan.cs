using Processor.Cli.Network;

namespace Processor.Cli.Load;

/// <summary>What a load is made of.</summary>
internal sealed record LoadPlan
{
    /// <summary>Where to.</summary>
    public required Endpoint Endpoint { get; init; }

    /// <summary>Requests a second over all connections; 0 keeps <see cref="Window"/> in flight on each instead.</summary>
    public required double Rate { get; init; }

    /// <summary>How long requests are sent, without the warm-up, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Seconds of the same traffic before, which is not measured.</summary>
    public double WarmUpSeconds { get; init; }

    /// <summary>TCP connections.</summary>
    public required int Connections { get; init; }

    /// <summary>Requests in flight on each connection when <see cref="Rate"/> is 0.</summary>
    public int Window { get; init; } = 64;

    /// <summary>The cards, each as likely as the others.</summary>
    public required CardList Cards { get; init; }

    /// <summary>Kinds of requests.</summary>
    public TrafficMix Mix { get; init; } = TrafficMix.Purchases;

    /// <summary>What follows each approved purchase; it counts in the rate.</summary>
    public PairChoice Pair { get; init; }

    /// <summary>How long after its purchase the second of a pair is sent at most, in seconds.</summary>
    public double PairWithinSeconds { get; init; } = 30;

    /// <summary>The least amount in minor units.</summary>
    public long MinorUnitsMin { get; init; } = 1_00;

    /// <summary>The greatest amount in minor units.</summary>
    public long MinorUnitsMax { get; init; } = 50_00;

    /// <summary>Purchases that are prepared with credentials, over all connections; 0 sends none.</summary>
    public int Chips { get; init; }

    /// <summary>How the cards of prepared purchases are presented.</summary>
    public EntryMix Entries { get; init; } = EntryMix.Chips;

    /// <summary>How many prepared purchases of a whole of 1 have a wrong credential.</summary>
    public double WrongShare { get; init; }

    /// <summary>How many of a whole of 1 have a wrong authentication code, where the endpoint has them.</summary>
    public double WrongCodeShare { get; init; }

    /// <summary>The chips' first transaction counter.</summary>
    public int FirstCounter { get; init; } = 1;

    /// <summary>Transaction counters that each chip needs at most.</summary>
    public int CountersEach => Enumerable.Range(0, Connections)
        .Max(connection => (ChipsOf(connection) / Math.Max(1, (Cards.Count - connection + Connections - 1) / Connections)) + 1);

    /// <summary>Sends 0200 for 0100.</summary>
    public bool IsFinancial { get; init; }

    /// <summary>Signs each connection on before it is used.</summary>
    public bool SignsOn { get; init; } = true;

    /// <summary>Where chance begins; the same seed makes the same traffic.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How long to wait for connections, and for answers after the last request.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Purchases with credentials that a connection prepares.</summary>
    public int ChipsOf(int connection) => Math.Max(1, (Chips + Connections - 1 - connection) / Connections);
}
