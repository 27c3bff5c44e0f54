using System.Collections.Concurrent;
using Processor.Iso8583;

namespace Processor.EndToEnd.Tests;

/// <summary>
/// Seeded traffic of many shops at once over few cards, some of them hot: purchases that hold and that post, reversals in full and in
/// part, inquiries, declines, repeats. Each shop asks one thing at a time, and all until they are answered.
/// </summary>
internal sealed class TrafficRun(NetworkSender dual, NetworkSender single, int seed, int steps)
{
    /// <summary>Cards that all shops sell to.</summary>
    internal const int SharedCards = 40;

    /// <summary>The first of the shared cards, to which half of all goes.</summary>
    internal const int HotCards = 4;

    /// <summary>Cards of the run: shared ones first, then one for each shop.</summary>
    internal const int Cards = SharedCards + Shops;

    /// <summary>Requests in flight.</summary>
    internal const int Shops = 48;

    private readonly ConcurrentBag<Purchase> purchases = [];
    private readonly ConcurrentBag<(Exchange Exchange, NetworkSender Sender)> exchanges = [];
    private int answered;

    /// <summary>Steps of all shops together.</summary>
    internal int Steps => steps;

    /// <summary>To the endpoint where 0100 holds.</summary>
    internal NetworkSender Dual => dual;

    /// <summary>To the endpoint where 0200 posts.</summary>
    internal NetworkSender Single => single;

    /// <summary>What was bought or asked, whatever the answer.</summary>
    internal IReadOnlyCollection<Purchase> Purchases => purchases;

    /// <summary>Everything that was sent.</summary>
    internal IEnumerable<Exchange> Exchanges => exchanges.Select(sent => sent.Exchange);

    /// <summary>Steps that were answered so far.</summary>
    internal int Answered => Volatile.Read(ref answered);

    /// <summary>Plays all steps.</summary>
    /// <exception cref="OperationCanceledException">Something was not answered before the token ended the wait.</exception>
    internal Task PlayAsync(CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, Shops).Select(number => Task.Run(() => PlayShopAsync(number, cancellation), cancellation)));

    /// <summary>Sends every request once more.</summary>
    internal async Task RepeatAllAsync(CancellationToken cancellation)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Shops, CancellationToken = cancellation };
        await Parallel.ForEachAsync(exchanges, options, async (sent, token) => await sent.Sender.RepeatAsync(sent.Exchange, token));
    }

    /// <summary>Keeps what its sender was told, to be compared with the books.</summary>
    internal void Keep(Purchase purchase) => purchases.Add(purchase);

    private async Task PlayShopAsync(int number, CancellationToken cancellation)
    {
        var play = new ShopPlay(this, number, new Random((seed * 1000) + number));
        if (number == 0)
            await play.BuyInPartAsync(cancellation);
        for (var step = number; step < steps; step += Shops)
        {
            await play.StepAsync(cancellation);
            Interlocked.Increment(ref answered);
        }
    }

    /// <summary>Sends a request until it is answered, and keeps it.</summary>
    internal async Task<Exchange> AskAsync(NetworkSender sender, Iso8583Message request, CancellationToken cancellation)
    {
        var exchange = await sender.AskAsync(request, cancellation);
        exchanges.Add((exchange, sender));
        return exchange;
    }
}
