using System.Collections.Concurrent;
using System.Text;
using Processor.Cli.Load;
using Processor.Cli.Network;
using Processor.Iso8583;

namespace Processor.Cli.Tests;

/// <summary>Whole loads on the system's clock, short ones.</summary>
public sealed class LoadRunTests
{
    [Theory]
    [InlineData("iso87-ascii", 2000, 1)]
    [InlineData("iso87-binary", 2000, 5)]
    [InlineData("iso87-binary", 0, 3)]
    public async Task Each_request_is_sent_once_and_answered(string dialect, double rate, int connections)
    {
        var references = new ConcurrentDictionary<string, string>();
        await using var issuer = TestIssuer.Start(TestDialects.Named(dialect), Framing.Binary2, (in MessageView request, ref MessageWriter response) =>
        {
            if (request.Mti.Class != MtiClass.NetworkManagement)
                Assert.True(references.TryAdd(Text(in request, 37), ""));
            return TestIssuer.Approve(in request, ref response);
        });
        var mix = TrafficMix.Parse("purchase=4,cash=1,cashback=1,refund=1,balance=1,verification=1,advice=1");

        var result = await RunAsync(Plan(issuer, rate, connections) with { Mix = mix });

        Assert.True(result.IsClean);
        Assert.Equal(issuer.ReceivedCount, result.Totals.Sent + result.Totals.WarmUpSent);
        Assert.Equal(result.Totals.Sent, result.Totals.Latency.Count);
        Assert.Equal(result.Totals.Sent, result.Totals.Codes.ToDictionary()["00"]);
        if (rate > 0)
            Assert.Equal(800, result.Totals.Sent);
    }

    [Theory]
    [InlineData("iso87-ascii", "Reversal", "0400")]
    [InlineData("iso87-binary", "Completion", "0220")]
    public async Task Each_purchase_is_followed_by_the_second_of_its_pair(string dialect, string pair, string mti)
    {
        var purchases = new ConcurrentDictionary<string, string>();
        int pairCount = 0;
        await using var issuer = TestIssuer.Start(TestDialects.Named(dialect), Framing.Binary2, (in MessageView request, ref MessageWriter response) =>
        {
            string original = $"0100{Text(in request, 11)}{Text(in request, 7)}{Text(in request, 32).PadLeft(11, '0')}";
            string money = $"{Text(in request, 2)} {Text(in request, 4)} {Text(in request, 37)}";
            if (request.Mti.ToString() == "0100")
                purchases[original] = money;
            if (request.Mti.ToString() == mti)
            {
                Assert.True(purchases.TryRemove(Text(in request, 90)[..31], out string? purchase));
                Assert.Equal(money, purchase);
                Assert.Equal(Text(in request, 90)[4..10], Text(in request, 38));
                Interlocked.Increment(ref pairCount);
            }

            return TestIssuer.Approve(in request, ref response);
        });

        var result = await RunAsync(Plan(issuer, 2000, 2) with { Pair = Enum.Parse<PairChoice>(pair), PairWithinSeconds = 0.2 });

        Assert.True(result.IsClean);
        Assert.Empty(purchases);
        Assert.Equal(result.Totals.Sent, pairCount * 2);
        Assert.Equal(0, result.Totals.PairsWaiting);
    }

    [Fact]
    public async Task What_is_not_answered_is_counted()
    {
        int count = 0;
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2, (in MessageView request, ref MessageWriter response) =>
            TestIssuer.Approve(in request, ref response)
            && (request.Has(70) || Interlocked.Increment(ref count) % 10 != 0));

        var result = await RunAsync(Plan(issuer, 1000, 2) with { Patience = TimeSpan.FromSeconds(1) });

        Assert.Equal(400, result.Totals.Sent);
        Assert.Equal(40, result.Unanswered);
        Assert.False(result.IsClean);
    }

    [Fact]
    public async Task A_lost_connection_is_made_again_and_what_it_left_behind_is_unanswered()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        var running = RunAsync(Plan(issuer, 1000, 2) with { Seconds = 0.8 });
        await issuer.ReceivedAsync(50);
        issuer.Hold();
        await issuer.ReceivedAsync(100);
        issuer.Drop();
        long before = issuer.ReceivedCount;
        issuer.Release();
        var result = await running;

        Assert.Equal(2, result.Totals.Disconnects);
        Assert.Equal(800, result.Totals.Sent);
        // How many were held, and were on their way, is up to the machine. What came over the new connections was answered.
        Assert.InRange(result.Unanswered, 1, 800 - (issuer.ReceivedCount - before));
        Assert.Equal(0, result.Unsent);
    }

    [Fact]
    public async Task A_run_that_is_stopped_shows_what_it_measured_until_then()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        using var stop = new CancellationTokenSource();
        var running = new LoadRun(Plan(issuer, 1000, 2) with { Seconds = 3600 }, TimeProvider.System).RunAsync((_, _) => { }, stop.Token);
        await issuer.ReceivedAsync(100);

        await stop.CancelAsync();
        var result = await running;

        Assert.InRange(result.Totals.Sent, 100, 60_000);
        Assert.InRange(result.MeasuredSeconds, 0.01, 60);
        Assert.InRange(result.Throughput, 1, 2000);
        Assert.InRange(issuer.ReceivedCount, 100, result.Totals.Sent);
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_traffic()
    {
        var runs = new List<List<string>>();
        for (int run = 0; run < 2; run++)
        {
            var seen = new List<string>();
            await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2, (in MessageView request, ref MessageWriter response) =>
            {
                seen.Add($"{request.Mti} {Text(in request, 2)} {Text(in request, 3)} {Text(in request, 4)} {Text(in request, 11)}");
                return TestIssuer.Approve(in request, ref response);
            });
            await RunAsync(Plan(issuer, 1000, 1) with { Mix = TrafficMix.Parse("purchase=3,balance=1"), Seed = 7 });
            runs.Add(seen);
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.Equal(401, runs[0].Count);
    }

    [Theory]
    [InlineData("iso87-ascii", 0)]
    [InlineData("iso87-binary", 0)]
    [InlineData("iso87-binary", 0.25)]
    public async Task Each_message_has_its_code_and_as_many_are_wrong_as_wanted(string dialect, double wrong)
    {
        await using var issuer = TestIssuer.StartSealed(TestDialects.Named(dialect), sealsAnswers: true);
        var plan = Plan(issuer, 2000, 2);

        var result = await RunAsync(plan with { Endpoint = plan.Endpoint with { Seal = new() }, WrongCodeShare = wrong, Pair = PairChoice.Reversal, PairWithinSeconds = 0.1 });

        var codes = result.Totals.Codes.ToDictionary();
        Assert.True(result.IsClean);
        Assert.InRange(result.Totals.CodesJudged, 1, result.Totals.Sent);
        Assert.InRange(codes.GetValueOrDefault("63") / (double)result.Totals.Sent, wrong * 0.8, wrong * 1.2);
        Assert.Equal(result.Totals.Sent, codes.Values.Sum());
    }

    [Fact]
    public async Task An_issuer_whose_answers_have_no_right_code_is_told()
    {
        await using var issuer = TestIssuer.StartSealed(TestDialects.Ascii, sealsAnswers: false);
        var plan = Plan(issuer, 1000, 1);
        plan = plan with { Endpoint = plan.Endpoint with { Seal = new() } };

        var failure = await Assert.ThrowsAsync<IOException>(() => RunAsync(plan));
        var result = await RunAsync(plan with { SignsOn = false });

        Assert.EndsWith("answered the sign-on with DE128: a wrong authentication code.", failure.Message, StringComparison.Ordinal);
        Assert.InRange(result.Totals.CodesWrong, 1, result.Totals.CodesJudged);
        Assert.False(result.IsClean);
    }

    [Fact]
    public async Task A_refused_sign_on_is_told()
    {
        await using var issuer = TestIssuer.Start(
            TestDialects.Ascii, Framing.Binary2, (in MessageView _, ref MessageWriter response) => response.SetText(39, "91"u8));

        var failure = await Assert.ThrowsAsync<IOException>(() => RunAsync(Plan(issuer, 1000, 1)));

        Assert.EndsWith("answered the sign-on with 0810, DE39 91.", failure.Message, StringComparison.Ordinal);
    }

    internal static LoadPlan Plan(TestIssuer issuer, double rate, int connections) => new()
    {
        Endpoint = new Endpoint("127.0.0.1", issuer.Port, issuer.Dialect, Framing.Binary2),
        Rate = rate,
        Seconds = 0.4,
        Connections = connections,
        Window = 8,
        Cards = CardList.Demo(100),
    };

    internal static Task<LoadResult> RunAsync(LoadPlan plan) =>
        new LoadRun(plan, TimeProvider.System).RunAsync((_, _) => { }, CancellationToken.None);

    private static string Text(in MessageView view, int element)
    {
        Span<byte> text = stackalloc byte[64];
        return view.TryGetText(element, text, out int length) ? Encoding.ASCII.GetString(text[..length]) : "";
    }
}
