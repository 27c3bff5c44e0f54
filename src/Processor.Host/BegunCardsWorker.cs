using Processor.Api;
using Processor.Cards;
using Processor.Records;

namespace Processor.Host;

/// <summary>Finishes cards whose issuance was begun and left, by a host that died or a ledger that did not answer, when nobody asks for
/// them again. Every step has its effect once, so that whoever began one may go on beside it.</summary>
internal sealed class BegunCardsWorker(
    CardQueries cards, ProgramQueries programs, CardIssuance issuance, RecordsSettings settings, TimeProvider clock, ILogger<BegunCardsWorker> log)
    : BackgroundService
{
    // Cards that are finished at a time.
    private const int CardsMax = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Finishes what was begun longer ago than a request takes.</summary>
    /// <returns>How many were finished.</returns>
    internal async Task<int> FinishAsync(CancellationToken cancellation)
    {
        var begun = await cards.ListBegunAsync(clock.GetUtcNow() - settings.AbandonedAfter, CardsMax, cancellation);
        if (begun.Count == 0)
            return 0;
        var owners = (await programs.ListAsync(cancellation)).ToDictionary(program => program.Number);
        var count = 0;
        foreach (var card in begun)
        {
            if (await TryFinishAsync(card, owners[card.Program], cancellation))
                count++;
        }

        HostLog.CardsFinished(log, count, begun.Count);
        return count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Interval, clock, stoppingToken);
            try
            {
                await FinishAsync(stoppingToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                HostLog.BegunCardsFailed(log, problem);
            }
        }
    }

    /// <summary>One card that cannot be finished does not keep the others.</summary>
    private async Task<bool> TryFinishAsync(Card card, ProgramProfile program, CancellationToken cancellation)
    {
        try
        {
            var product = await programs.FindProductAsync(card.Product, cancellation) ?? throw new InvalidOperationException($"Product {card.ProductId} is not there.");
            await issuance.FinishAsync(card, program, product, cancellation);
            return true;
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            HostLog.CardNotFinished(log, problem, card.Id);
            return false;
        }
    }
}
