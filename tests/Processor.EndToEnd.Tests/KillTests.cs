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

    // How long a network waits before it sends a request again.
    private static readonly TimeSpan SenderPatience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan RunPatience = TimeSpan.FromMinutes(2);

    [Fact]
    public Task After_the_host_is_killed_everything_approved_is_there_once() => Seeds.RunAsync(20260501, seed => RunAsync(seed, PatientEndpoints, async (system, run) =>
    {
        await AnsweredAsync(run, Steps / 3);
        system.Host.Kill();
        await system.Host.StartAsync();

        return () => Assert.True(run.Exchanges.Count(exchange => exchange.Sendings > 1) >= TrafficRun.Shops / 2, "Too little was in flight at the kill.");
    }));

    [Fact]
    public Task Beside_a_host_that_is_killed_the_other_goes_on_and_everything_approved_is_there_once() => Seeds.RunAsync(20260504, async random =>
    {
        string[] settings = [$"Processor__DemoLoadCards={TrafficRun.Cards}", .. PatientEndpoints];
        await using var system = await LiveSystem.StartAsync(settings);
        await using var other = await HostProcess.StartAsync(system.Redis, system.Database, [$"Processor__KeyFile={system.Host.KeyFile}", .. settings]);
        await using var dual = new NetworkSender(system.Host.DualPort, "iso87-ascii", SenderPatience);
        await using var single = new NetworkSender(other.SinglePort, "iso87-binary", SenderPatience);
        var witness = new Witness(system, await LedgerImage.ReadAsync(system));
        var run = new TrafficRun(dual, single, random.Next(1_000_000), Steps);
        using var patience = new CancellationTokenSource(RunPatience);

        // What it had under way is sent again to the one that lives, which takes its partitions' recording, too.
        var playing = run.PlayAsync(patience.Token);
        await AnsweredAsync(run, Steps / 3);
        system.Host.Kill();
        dual.MoveTo(other.DualPort);
        await playing;
        Assert.True(run.Exchanges.Count(exchange => exchange.Sendings > 1) >= TrafficRun.Shops / 4, "Too little was in flight at the kill.");
        Assert.All(run.Exchanges, exchange => Assert.NotNull(exchange.Decision));
        Assert.Empty(await witness.CompareAsync(run));

        // Started again, it tells what the other has decided meanwhile, and what it had decided itself.
        await system.Host.StartAsync();
        dual.MoveTo(system.Host.DualPort);
        await run.RepeatAllAsync(patience.Token);

        Assert.All(run.Exchanges, exchange => Assert.True(exchange.Told.Count <= 1, $"{exchange.Reference} was told {string.Join(" and ", exchange.Told)}."));
        Assert.Empty(await witness.CompareAsync(run));
        Assert.Equal((0, 0), (dual.Strays, single.Strays));
    });

    [Fact]
    public Task After_Redis_is_killed_everything_approved_is_there_once() => Seeds.RunAsync(20260502, seed => RunAsync(seed, [], async (system, run) =>
    {
        await AnsweredAsync(run, Steps / 3);
        system.Redis.Kill();
        await system.Redis.RestartAsync();

        return () => Assert.True(run.Purchases.Count(purchase => purchase.Exchange.IsApproved) > Steps / 2, "Too little was approved after the kill.");
    }));

    [Fact]
    public Task While_Postgres_is_killed_answers_go_on_and_afterwards_everything_is_there_once() => Seeds.RunAsync(20260503, seed => RunAsync(seed, PatientEndpoints, async (system, run) =>
    {
        await AnsweredAsync(run, Steps / 3);
        system.Postgres.Kill();
        await AnsweredAsync(run, Steps * 2 / 3);
        await system.Postgres.RestartAsync();

        return () => Assert.All(run.Exchanges, exchange => Assert.NotNull(exchange.Decision));
    }));

    private static async Task RunAsync(Random random, IReadOnlyList<string> settings, Func<LiveSystem, TrafficRun, Task<Action>> disturb)
    {
        await using var system = await LiveSystem.StartAsync([$"Processor__DemoLoadCards={TrafficRun.Cards}", .. settings]);
        await using var dual = new NetworkSender(system.Host.DualPort, "iso87-ascii", SenderPatience);
        await using var single = new NetworkSender(system.Host.SinglePort, "iso87-binary", SenderPatience);
        var witness = new Witness(system, await LedgerImage.ReadAsync(system));
        var run = new TrafficRun(dual, single, random.Next(1_000_000), Steps);
        using var patience = new CancellationTokenSource(RunPatience);

        var playing = run.PlayAsync(patience.Token);
        var check = await disturb(system, run);
        await playing;
        check();
        Assert.Empty(await witness.CompareAsync(run));
        await run.RepeatAllAsync(patience.Token);

        Assert.All(run.Exchanges, exchange => Assert.True(exchange.Told.Count <= 1, $"{exchange.Reference} was told {string.Join(" and ", exchange.Told)}."));
        Assert.Empty(await witness.CompareAsync(run));
        Assert.Equal((0, 0), (dual.Strays, single.Strays));
    }

    private static Task AnsweredAsync(TrafficRun run, int count) =>
        Eventually.IsAsync($"{count} steps are answered", RunPatience, () => Task.FromResult(run.Answered >= count));
}
