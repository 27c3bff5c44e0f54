using System.Globalization;
using Processor.Cards;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>The host as it is started by an operator, asked over TCP and HTTP as networks and programs ask it.</summary>
public sealed class WholeSystemTests
{
    private static readonly TimeSpan SenderPatience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_started_host_serves_networks_programs_and_operators()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var system = await LiveSystem.StartAsync();
        await using var dual = new NetworkSender(system.Host.DualPort, "iso87-ascii", SenderPatience);
        await using var single = new NetworkSender(system.Host.SinglePort, "iso87-binary", SenderPatience);

        await PlayAsync(dual, new Shop(1), "0100", DemoCards.Unlimited, patience.Token);
        await PlayAsync(single, new Shop(2), "0200", DemoCards.Unlimited, patience.Token);
        await FreezeAsync(system.Host, dual, new Shop(3), patience.Token);

        foreach (var path in new[] { "/health/live", "/health/ready", "/metrics" })
            Assert.True(await system.Host.AnswersAsync(path, patience.Token), path);
        var metrics = await system.Host.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), patience.Token);
        Assert.DoesNotContain("4761739001010010", metrics, StringComparison.Ordinal);
        Assert.Contains("# TYPE", metrics, StringComparison.Ordinal);
    }

    /// <summary>Echo, a purchase, its reversal, and a balance that is as it was before.</summary>
    private static async Task PlayAsync(NetworkSender sender, Shop shop, string mti, Pan pan, CancellationToken cancellation)
    {
        var echo = await sender.AskAsync(shop.Management("301"), cancellation);
        Assert.Equal(("0810", "00", "301"), (echo.Decision!.Mti.ToString(), echo.Decision[39], echo.Decision[70]));

        var before = await InquireAsync(sender, shop, mti, pan, cancellation);
        var purchase = await sender.AskAsync(shop.Request(mti, Shop.Purchasing, pan, 12_34), cancellation);
        Assert.Equal("00", purchase.Decision![39]);
        Assert.Matches("^[0-9]{6}$", purchase.Decision[38]!);
        Assert.Equal(purchase.Request[4], purchase.Decision[4]);
        Assert.Equal(before - 12_34, await InquireAsync(sender, shop, mti, pan, cancellation));

        var reversal = await sender.AskAsync(shop.Reversal(purchase.Request, purchase.Decision[38], remaining: 0), cancellation);
        Assert.Equal(("0410", "00"), (reversal.Decision!.Mti.ToString(), reversal.Decision[39]));
        Assert.Equal(before, await InquireAsync(sender, shop, mti, pan, cancellation));
    }

    /// <returns>Available, minor units: the entry of amount type 02 in DE 54.</returns>
    private static async Task<long> InquireAsync(NetworkSender sender, Shop shop, string mti, Pan pan, CancellationToken cancellation)
    {
        const int EntryLength = 20;
        var inquiry = await sender.AskAsync(shop.Request(mti, Shop.Inquiring, pan, 0), cancellation);
        Assert.Equal("00", inquiry.Decision![39]);

        // account type(2) amount type(2) currency(3) C or D(1) amount(12)
        var entry = inquiry.Decision[54]!.Chunk(EntryLength).Select(chunk => new string(chunk)).Single(chunk => chunk[2..4] == "02");
        Assert.Equal("978C", entry[4..8]);
        return long.Parse(entry[8..], CultureInfo.InvariantCulture);
    }

    /// <summary>What the façade has acknowledged, the next authorization sees.</summary>
    private static async Task FreezeAsync(HostProcess host, NetworkSender sender, Shop shop, CancellationToken cancellation)
    {
        var facade = new Facade(host);
        var card = await facade.FindCardAsync("0010");
        foreach (var (verb, code) in new[] { ("freeze", "57"), ("unfreeze", "00"), ("freeze", "57") })
        {
            using var changed = await facade.PostAsync($"/v1/cards/{card}/{verb}", "{}");
            var purchase = await sender.AskAsync(shop.Request("0100", Shop.Purchasing, DemoCards.Everyday, 1_00), cancellation);

            Assert.Equal((verb, code), (verb, purchase.Decision![39]));
        }
    }
}
