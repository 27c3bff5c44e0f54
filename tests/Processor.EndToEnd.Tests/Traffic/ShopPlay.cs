using Processor.Cards;

namespace Processor.EndToEnd.Tests;

/// <summary>One shop's steps in a run, one after the other.</summary>
internal sealed class ShopPlay(TrafficRun run, int number, Random random)
{
    // A card remembers so many declines.
    private const int DeclinesMax = 8;

    // More than a load card has.
    private const long TooMuch = 200_000_000;

    private readonly Shop shop = new(number);
    private readonly List<Purchase> standing = [];
    private readonly List<(Exchange Exchange, NetworkSender Sender)> own = [];
    private int declines;

    internal Task StepAsync(CancellationToken cancellation) => random.Next(100) switch
    {
        < 56 => BuyAsync(run.Dual, isPosted: false, cancellation),
        < 72 => BuyAsync(run.Single, isPosted: true, cancellation),
        < 88 when standing.Count > 0 => ReverseAsync(cancellation),
        < 92 => InquireAsync(cancellation),
        < 95 when declines < DeclinesMax => AskForTooMuchAsync(cancellation),
        _ when own.Count > 0 => RepeatAsync(cancellation),
        _ => BuyAsync(run.Dual, isPosted: false, cancellation),
    };

    internal async Task BuyInPartAsync(CancellationToken cancellation) =>
        Keep(run.Dual, await run.AskAsync(run.Dual, shop.RequestAcceptingLess(DemoCards.Poor, 25_00), cancellation), isPosted: false);

    private async Task BuyAsync(NetworkSender sender, bool isPosted, CancellationToken cancellation)
    {
        var request = shop.Request(isPosted ? "0200" : "0100", Shop.Purchasing, DrawPan(), random.Next(1, 5_000));
        Keep(sender, await run.AskAsync(sender, request, cancellation), isPosted);
    }

    private async Task AskForTooMuchAsync(CancellationToken cancellation)
    {
        declines++;
        var request = shop.Request("0100", Shop.Purchasing, DemoCards.PanOf(TrafficRun.SharedCards + number), TooMuch);
        Keep(run.Dual, await run.AskAsync(run.Dual, request, cancellation), isPosted: false);
    }

    private async Task InquireAsync(CancellationToken cancellation)
    {
        var exchange = await run.AskAsync(run.Dual, shop.Request("0100", Shop.Inquiring, DrawPan(), 0), cancellation);
        run.Keep(new Purchase(exchange, run.Dual, isPosted: false, movesMoney: false));
        own.Add((exchange, run.Dual));
    }

    private async Task ReverseAsync(CancellationToken cancellation)
    {
        var index = random.Next(standing.Count);
        var purchase = standing[index];
        var original = purchase.Exchange;
        var remaining = random.Next(3) == 0 ? random.NextInt64(purchase.Standing) : 0;
        var reversal = await run.AskAsync(purchase.Sender, shop.Reversal(original.Request, original.Decision![38], remaining), cancellation);

        // A reversal is sent until it is taken: with 91 it was not.
        while (reversal.Decision is null)
            await purchase.Sender.RepeatAsync(reversal, cancellation);
        if (reversal.IsApproved)
            purchase.Remaining = remaining;
        if (purchase.Standing == 0)
            standing.RemoveAt(index);
        own.Add((reversal, purchase.Sender));
    }

    private async Task RepeatAsync(CancellationToken cancellation)
    {
        var (exchange, sender) = own[random.Next(own.Count)];
        await sender.RepeatAsync(exchange, cancellation);
    }

    private void Keep(NetworkSender sender, Exchange exchange, bool isPosted)
    {
        var purchase = new Purchase(exchange, sender, isPosted, movesMoney: true);
        run.Keep(purchase);
        own.Add((exchange, sender));
        if (purchase.Standing > 0)
            standing.Add(purchase);
    }

    private Pan DrawPan() => DemoCards.PanOf(random.Next(2) == 0 ? random.Next(TrafficRun.HotCards) : random.Next(TrafficRun.SharedCards));
}
