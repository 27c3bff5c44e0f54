using Processor.Iso8583;
using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Two hosts of one ledger are stopped and started again one after the other, under load. Their network sends nothing new where it was signed off.</summary>
public sealed class RollingRestartTests
{
    private const int Steps = 4_000;

    private static readonly TimeSpan SenderPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RunPatience = TimeSpan.FromMinutes(2);

    [Fact]
    public Task Everything_is_answered_and_everything_approved_is_there_once() => Seeds.RunAsync(20261121, async random =>
    {
        await using var system = await LiveSystem.StartAsync([$"Processor__DemoLoadCards={TrafficRun.Cards}"]);
        await using var other = await HostProcess.StartAsync(
            system.Redis, system.Database, [$"Processor__DemoLoadCards={TrafficRun.Cards}", $"Processor__KeyFile={system.Host.KeyFile}"]);
        await using var dual = new NetworkSender(system.Host.DualPort, "iso87-ascii", SenderPatience);
        await using var single = new NetworkSender(other.SinglePort, "iso87-binary", SenderPatience);
        var witness = new Witness(system, await LedgerImage.ReadAsync(system));
        var run = new TrafficRun(dual, single, random.Next(1_000_000), Steps);
        using var patience = new CancellationTokenSource(RunPatience);

        var playing = run.PlayAsync(patience.Token);
        await AnsweredAsync(run, Steps / 4);
        await system.Host.StopAsync();
        await system.Host.StartAsync();
        await AnsweredAsync(run, Steps / 2);
        await other.StopAsync();
        await other.StartAsync();
        await playing;

        Assert.Equal((1, 1), (dual.SignOffs, single.SignOffs));
        Assert.DoesNotContain(run.Exchanges, exchange => exchange.Lost > 0);
        Assert.All(run.Exchanges, exchange => Assert.True(exchange.Told.Count <= 1, $"{exchange.Reference} was told {string.Join(" and ", exchange.Told)}."));
        Assert.DoesNotContain(run.Exchanges.SelectMany(exchange => exchange.Answers), answer => answer[39] == "91");
        Assert.Empty(await witness.CompareAsync(run));
        Assert.Equal((0, 0), (dual.Strays, single.Strays));
    });

    private static Task AnsweredAsync(TrafficRun run, int count) =>
        Eventually.IsAsync($"{count} steps are answered", RunPatience, () => Task.FromResult(run.Answered >= count));
}
