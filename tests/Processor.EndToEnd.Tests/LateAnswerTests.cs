using Processor.Cards;
using Processor.Ledger;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Redis stands still for longer than a request may wait: its sender hears 91, and nothing of it stays.</summary>
public sealed class LateAnswerTests
{
    private const int Requests = 400;
    private const int CardCount = 8;

    private static readonly TimeSpan SenderPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_decision_that_missed_its_deadline_is_told_91_and_holds_nothing()
    {
        await using var system = await LiveSystem.StartAsync($"Processor__DemoLoadCards={CardCount}", "Processor__Endpoints__0__DeadlineMilliseconds=2500");
        await using var dual = new NetworkSender(system.Host.DualPort, "iso87-ascii", SenderPatience);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var shop = new Shop(1);
        var before = await AskAllAsync(CardCount);
        Assert.All(before, exchange => Assert.Equal("00", exchange.Decision![39]));

        // Longer than a call to Redis is waited for, so that calls are sent twice as well.
        system.Redis.Pause();
        var late = await AskAllAsync(Requests);
        system.Redis.Continue();

        Assert.All(late, exchange => Assert.Equal("91", exchange.Answers[0][39]));
        await Eventually.IsAsync("nothing late is held", ReleasePatience, async () => (await LedgerImage.ReadAsync(system)).Balances.Values.Sum(balance => balance.Held) == before.Count * 1_00);
        await system.DrainAsync();
        var decided = (await LedgerImage.ReadAsync(system)).Holds.Where(hold => (hold.Traits & HoldTraits.Late) != 0).Select(hold => LedgerImage.ReferenceOf(in hold)).ToHashSet();
        Assert.Equal(late.Select(exchange => exchange.Reference).ToHashSet(), decided);

        // Whether it was decided and undone or never decided: 91 is what its repeat hears too.
        foreach (var exchange in late)
            await dual.RepeatAsync(exchange, patience.Token);
        Assert.All(late, exchange => Assert.Null(exchange.Decision));
        Assert.Equal(before.Count * 1_00, (await LedgerImage.ReadAsync(system)).Balances.Values.Sum(balance => balance.Held));

        async Task<IReadOnlyList<Exchange>> AskAllAsync(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(number =>
            dual.AskAsync(shop.Request("0100", Shop.Purchasing, DemoCards.PanOf(number % CardCount), 1_00), patience.Token)));
    }
}
