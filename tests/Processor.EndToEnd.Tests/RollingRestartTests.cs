using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Two hosts of one ledger are stopped and started again one after the other, under load. Their network sends nothing new where it was signed off.</summary>
public sealed class RollingRestartTests
{
    private const int Steps = 4_000;

    private static readonly TimeSpan SenderPatience = TimeSpan.FromSeconds(5);

    [Fact]
    public Task Everything_is_answered_and_everything_approved_is_there_once() => Seeds.RunAsync(20261121, async random =>
    {
        await using var traffic = await LiveTraffic.StartAsync(masters: 1, random, Steps, hosts: 2, SenderPatience);
        var run = traffic.Run;

        var playing = run.PlayAsync(traffic.Cancellation);
        await traffic.AnsweredAsync(Steps / 4);
        await traffic.System.Host.StopAsync();
        await traffic.System.Host.StartAsync();
        await traffic.AnsweredAsync(Steps / 2);
        await traffic.Other.StopAsync();
        await traffic.Other.StartAsync();
        await playing;

        Assert.Equal((1, 1), (traffic.Dual.SignOffs, traffic.Single.SignOffs));
        Assert.DoesNotContain(run.Exchanges, exchange => exchange.Lost > 0);
        Assert.DoesNotContain(run.Exchanges.SelectMany(exchange => exchange.Answers), answer => answer[39] == "91");
        await traffic.CheckAnswersAsync();
    });
}
