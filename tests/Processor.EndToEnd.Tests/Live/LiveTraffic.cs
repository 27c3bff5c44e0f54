using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Seeded traffic on one or two host processes of a ledger, whose networks it reaches over sockets, and a witness of the books before it.</summary>
internal sealed class LiveTraffic : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource patience = new(Patience);
    private Witness witness = null!;

    private LiveTraffic(LiveSystem system) => System = system;

    internal LiveSystem System { get; }

    /// <summary>The second host of the same ledger.</summary>
    internal HostProcess Other { get; private set; } = null!;

    /// <summary>To the endpoint where 0100 holds, of the first host.</summary>
    internal NetworkSender Dual { get; private set; } = null!;

    /// <summary>To the endpoint where 0200 posts, of the second host if there is one.</summary>
    internal NetworkSender Single { get; private set; } = null!;

    internal TrafficRun Run { get; private set; } = null!;

    internal CancellationToken Cancellation => patience.Token;

    /// <param name="masters">Of the ledger's Redis; 1 for one that is no Cluster.</param>
    /// <param name="random">The traffic's dice.</param>
    /// <param name="steps">Its steps.</param>
    /// <param name="hosts">One or two.</param>
    /// <param name="senderPatience">How long a network waits before it sends a request again.</param>
    /// <param name="settings">Further settings of the hosts, each as <c>Processor__Name=value</c>.</param>
    internal static async Task<LiveTraffic> StartAsync(
        int masters, Random random, int steps, int hosts, TimeSpan senderPatience, params IReadOnlyList<string> settings)
    {
        string[] all = [$"Processor__DemoLoadCards={TrafficRun.Cards}", .. settings];
        var traffic = new LiveTraffic(await LiveSystem.StartAsync(masters, all));
        try
        {
            var system = traffic.System;
            traffic.Other = hosts == 1 ? system.Host : await HostProcess.StartAsync(system.Place.ConnectionString, system.Database, [$"Processor__KeyFile={system.Host.KeyFile}", .. all]);
            traffic.Dual = new NetworkSender(system.Host.DualPort, "iso87-ascii", senderPatience);
            traffic.Single = new NetworkSender(traffic.Other.SinglePort, "iso87-binary", senderPatience);
            traffic.witness = new Witness(system, await LedgerImage.ReadAsync(system));
            traffic.Run = new TrafficRun(traffic.Dual, traffic.Single, random.Next(1_000_000), steps);
            return traffic;
        }
        catch
        {
            await traffic.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until so many steps are answered.</summary>
    internal Task AnsweredAsync(int count) =>
        Eventually.IsAsync($"{count} steps are answered", Patience, () => Task.FromResult(Run.Answered >= count));

    /// <summary>Compares what senders were told with Redis and with the books.</summary>
    internal async Task CheckAsync() => Assert.Empty(await witness.CompareAsync(Run));

    /// <summary>Compares as <see cref="CheckAsync"/> does, and holds that nobody was told two things and nothing came that nobody asked for.</summary>
    internal async Task CheckAnswersAsync()
    {
        Assert.All(Run.Exchanges, exchange => Assert.True(exchange.Told.Count <= 1, $"{exchange.Reference} was told {string.Join(" and ", exchange.Told)}."));
        await CheckAsync();
        Assert.Equal((0, 0), (Dual.Strays, Single.Strays));
    }

    public async ValueTask DisposeAsync()
    {
        if (Single is not null)
            await Single.DisposeAsync();
        if (Dual is not null)
            await Dual.DisposeAsync();
        if (Other is not null && Other != System.Host)
            await Other.DisposeAsync();
        await System.DisposeAsync();
        patience.Dispose();
    }
}
