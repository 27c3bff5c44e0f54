using Processor.Cards;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Postgres stays away until the journal in Redis has reached its bound in bytes: a network hears 91 then, and until Postgres is back.</summary>
public sealed class JournalBoundTests
{
    private const int Cards = 40;
    private const int WaveLength = 400;
    private const int WavesMax = 400;
    private const int Late = 20;

    private static readonly TimeSpan SenderPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task At_the_bound_a_network_hears_91_and_with_Postgres_it_goes_on()
    {
        await using var system = await LiveSystem.StartAsync(
            $"Processor__DemoLoadCards={Cards}", "Processor__Partitions=1", "Processor__JournalMebibytesMax=1", "Processor__Endpoints__0__DeadlineMilliseconds=20000");
        await using var dual = new NetworkSender(system.Host.DualPort, "iso87-ascii", SenderPatience);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var witness = new Witness(system, await LedgerImage.ReadAsync(system));
        var run = new TrafficRun(dual, dual, seed: 0, steps: 0);
        var shops = 0;

        system.Postgres.Kill();
        IReadOnlyList<Exchange> wave = [];
        for (var waves = 0; waves < WavesMax && wave.All(exchange => exchange.IsApproved); waves++)
            wave = await AskAsync(WaveLength);
        var late = await AskAsync(Late);
        Assert.All(late, exchange => Assert.Equal("91", exchange.Answers[0][39]));
        await Eventually.IsAsync("an operator is told", Patience, () => Task.FromResult(system.Host.Log().Contains("[4017]", StringComparison.Ordinal)));

        await system.Postgres.RestartAsync();
        foreach (var exchange in late)
        {
            await Eventually.IsAsync($"{exchange.Reference} is approved", Patience, async () =>
            {
                await dual.RepeatAsync(exchange, patience.Token);
                return exchange.IsApproved;
            });
        }

        Assert.Empty(await witness.CompareAsync(run));

        async Task<IReadOnlyList<Exchange>> AskAsync(int count)
        {
            var shop = new Shop(++shops);
            var asked = await Task.WhenAll(Enumerable.Range(0, count).Select(number =>
                run.AskAsync(dual, shop.Request("0100", Shop.Purchasing, DemoCards.PanOf(number % Cards), 1), patience.Token)));
            foreach (var exchange in asked)
                run.Keep(new Purchase(exchange, dual, isPosted: false, movesMoney: true));
            return asked;
        }
    }
}
