using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>kill -9 of the host, of Redis and of Postgres, each in the middle of a load: what a sender was told is what the books say.</summary>
public sealed class KillTests
{
    private const int Steps = 3_000;

    // Deadlines so long that a slow machine is not taken for a ledger that does not answer.
    private static readonly string[] PatientEndpoints =
        ["Processor__Endpoints__0__DeadlineMilliseconds=20000", "Processor__Endpoints__1__DeadlineMilliseconds=20000"];

    private static readonly TimeSpan SenderPatience = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task After_the_host_is_killed_everything_approved_is_there_once(int masters) => RunAsync(masters, 20260501, PatientEndpoints, async traffic =>
    {
        traffic.System.Host.Kill();
        await traffic.System.Host.StartAsync();

        return () => Assert.True(traffic.Run.Exchanges.Count(exchange => exchange.Sendings > 1) >= TrafficRun.Shops / 2, "Too little was in flight at the kill.");
    });

    [Fact]
    public Task Beside_a_host_that_is_killed_the_other_goes_on_and_everything_approved_is_there_once() => Seeds.RunAsync(20260504, async random =>
    {
        await using var traffic = await LiveTraffic.StartAsync(masters: 1, random, Steps, hosts: 2, SenderPatience, PatientEndpoints);

        // What it had under way is sent again to the one that lives, which takes its partitions' recording, too.
        var playing = traffic.Run.PlayAsync(traffic.Cancellation);
        await traffic.AnsweredAsync(traffic.Run.Steps / 3);
        traffic.System.Host.Kill();
        traffic.Dual.MoveTo(traffic.Other.DualPort);
        await playing;
        Assert.True(traffic.Run.Exchanges.Count(exchange => exchange.Sendings > 1) >= TrafficRun.Shops / 4, "Too little was in flight at the kill.");
        Assert.All(traffic.Run.Exchanges, exchange => Assert.NotNull(exchange.Decision));
        await traffic.CheckAsync();

        // Started again, it tells what the other has decided meanwhile, and what it had decided itself.
        await traffic.System.Host.StartAsync();
        traffic.Dual.MoveTo(traffic.System.Host.DualPort);
        await traffic.Run.RepeatAllAsync(traffic.Cancellation);

        await traffic.CheckAnswersAsync();
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task After_Redis_is_killed_everything_approved_is_there_once(int masters) => RunAsync(masters, 20260502, [], async traffic =>
    {
        traffic.System.Redis.Kill();
        await traffic.System.Redis.RestartAsync();

        return () => Assert.True(traffic.Run.Purchases.Count(purchase => purchase.Exchange.IsApproved) > traffic.Run.Steps / 2, "Too little was approved after the kill.");
    });

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task While_Postgres_is_killed_answers_go_on_and_afterwards_everything_is_there_once(int masters) => RunAsync(masters, 20260503, PatientEndpoints, async traffic =>
    {
        traffic.System.Postgres.Kill();
        await traffic.AnsweredAsync(traffic.Run.Steps * 2 / 3);
        await traffic.System.Postgres.RestartAsync();

        return () => Assert.All(traffic.Run.Exchanges, exchange => Assert.NotNull(exchange.Decision));
    });

    private static Task RunAsync(int masters, int seed, IReadOnlyList<string> settings, Func<LiveTraffic, Task<Action>> disturb) => Seeds.RunAsync(seed, async random =>
    {
        await using var traffic = await LiveTraffic.StartAsync(masters, random, Steps / masters, hosts: 1, SenderPatience, settings);

        var playing = traffic.Run.PlayAsync(traffic.Cancellation);
        await traffic.AnsweredAsync(traffic.Run.Steps / 3);
        var check = await disturb(traffic);
        await playing;
        check();
        await traffic.CheckAsync();
        await traffic.Run.RepeatAllAsync(traffic.Cancellation);

        await traffic.CheckAnswersAsync();
    });
}
