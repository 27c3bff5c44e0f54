using Processor.Cli.Load;
using Processor.Cli.Network;
using Processor.Iso8583;

namespace Processor.Cli.Tests;

/// <summary>The accounting of an open-loop load, on a clock that the test moves and an issuer that it can hold.</summary>
public sealed class OpenLoopTests
{
    private const int Rate = 1000;

    private readonly TestClock time = new();
    private readonly LoadClock clock;

    public OpenLoopTests() => clock = new LoadClock(time);

    [Fact]
    public async Task A_stall_counts_for_every_request_that_fell_due_in_it()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        using var bench = await OpenAsync(issuer, seconds: 2, connections: 3);

        issuer.Hold();
        time.Advance(TimeSpan.FromSeconds(1));
        bench.Loop.SendDue();
        await issuer.ReceivedAsync(Rate + 1);
        issuer.Release();
        var totals = await bench.TotalsAsync(Rate + 1);

        // Request i was due at i milliseconds, and all were answered at the first full second.
        Assert.Equal(Rate + 1, totals.Answered);
        Assert.Equal(1_000_000_000, totals.Latency.Max);
        Assert.InRange(totals.Latency.Percentile(50), 500_000_000, 502_000_000);
        Assert.InRange(totals.Latency.Percentile(90), 900_000_000, 903_600_000);
        Assert.InRange(totals.Latency.Percentile(99), 990_000_000, 993_960_000);
    }

    [Fact]
    public async Task Being_late_in_sending_is_part_of_the_latency_and_is_told_apart()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        using var bench = await OpenAsync(issuer, seconds: 2, connections: 1);
        time.Advance(TimeSpan.FromMilliseconds(100));
        issuer.Hold();
        bench.Loop.SendDue();
        await issuer.ReceivedAsync(101);

        time.Advance(TimeSpan.FromMilliseconds(50));
        issuer.Release();
        var totals = await bench.TotalsAsync(101);

        Assert.Equal(100_000_000, totals.Lateness.Max);
        Assert.Equal(150_000_000, totals.Latency.Max);
        Assert.InRange(totals.Latency.Percentile(0), 50_000_000, 50_200_000);
    }

    [Fact]
    public async Task Nothing_is_sent_before_it_is_due_and_nothing_after_the_end()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        using var bench = await OpenAsync(issuer, seconds: 0.5, connections: 2);

        bench.Loop.SendDue();
        await bench.TotalsAsync(1);
        time.Advance(TimeSpan.FromMilliseconds(10));
        bench.Loop.SendDue();
        await bench.TotalsAsync(11);
        time.Advance(TimeSpan.FromSeconds(5));
        bench.Loop.SendDue();
        var totals = await bench.TotalsAsync(500);

        Assert.Equal(500, totals.Sent);
        Assert.Equal(0, bench.Loop.Unsent);
    }

    [Fact]
    public async Task The_warm_up_is_not_measured()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        using var bench = await OpenAsync(issuer, seconds: 0.1, connections: 1, warmUpSeconds: 0.2);

        time.Advance(TimeSpan.FromSeconds(0.25));
        bench.Loop.SendDue();
        await issuer.ReceivedAsync(251);
        var totals = await bench.TotalsAsync(51);

        Assert.Equal(200, totals.WarmUpSent);
        Assert.Equal(51, totals.Latency.Count);
        Assert.Equal(50_000_000, totals.Latency.Max);
    }

    [Fact]
    public async Task Sending_allocates_nothing()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Binary, Framing.Binary2);
        using var bench = await OpenAsync(issuer, seconds: 30, connections: 2);
        long allocated = long.MaxValue;

        // The first rounds compile the code.
        for (int round = 0; round < 20 && allocated > 0; round++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            long before = GC.GetAllocatedBytesForCurrentThread();
            bench.Loop.SendDue();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            await bench.TotalsAsync(((round + 1) * Rate) + 1);
        }

        Assert.Equal(0, allocated);
    }

    private async Task<LoadBench> OpenAsync(TestIssuer issuer, double seconds, int connections, double warmUpSeconds = 0)
    {
        var plan = new LoadPlan
        {
            Endpoint = new Endpoint("127.0.0.1", issuer.Port, issuer.Dialect, Framing.Binary2),
            Rate = Rate,
            Seconds = seconds,
            WarmUpSeconds = warmUpSeconds,
            Connections = connections,
            Cards = CardList.Demo(10),
        };
        var bench = new LoadBench(plan, clock);
        await bench.ConnectAsync();
        clock.BeginIn(LoadClock.FromSeconds(warmUpSeconds));
        return bench;
    }
}
