using Microsoft.Extensions.Logging;
using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Switch;

/// <summary>Finds the card of a PAN that is not near: in the directory in Redis, and what that does not know in the records.</summary>
/// <remarks>The directory is outside all partitions, so no epoch tells that Redis has lost something of it. A card that the records know is
/// put back; where it is in its account the ledger says, which looks at the epoch.</remarks>
internal sealed class CardSearch(ILedger ledger, ICardDirectory cards, ICardRecords? records, TimeProvider clock, SwitchMetrics metrics, ILogger log)
{
    private readonly CardQuestions? questions = records is null ? null : new CardQuestions(records, clock, metrics, log);

    /// <summary>Searches. Slow: not for cards that are near.</summary>
    /// <exception cref="LedgerUnavailableException">Redis did not answer.</exception>
    internal async ValueTask<FoundCard> FindAsync(PanHash pan)
    {
        if (await cards.FindAsync(pan, CancellationToken.None) is { } entry)
            return new FoundCard(entry, IsKnown: true);
        if (questions is null)
            return FoundCard.None;
        return await questions.AskAsync(pan) switch
        {
            null => FoundCard.NotKnown,
            [] => FoundCard.None,
            var recorded => await RestoreAsync(pan, recorded),
        };
    }

    private async Task<FoundCard> RestoreAsync(PanHash pan, IReadOnlyList<RecordedCard> recorded)
    {
        var (accountId, program) = (recorded[0].AccountId, recorded[0].Program);
        var read = new ReadAccountCommand { AccountId = accountId };
        var outcome = await ledger.RunAsync(read);
        if (outcome == CommitOutcome.AccountNotFound)
            return FoundCard.None;
        if (outcome != CommitOutcome.Committed)
            return FoundCard.NotKnown;

        // A card whose issuance was begun and not finished may not be there yet.
        var instances = read.Cards
            .Where(card => recorded.Any(row => row.CardId == card.CardId))
            .Select(card => new CardInstance(card.Ordinal, card.Expiry, card.SequenceNumber))
            .ToList();
        if (instances.Count == 0)
            return FoundCard.None;

        // What is there meanwhile stays: adding overwrites nothing, and what Redis has then is what counts.
        foreach (var instance in instances)
            await cards.AddAsync(pan, accountId, program, instance, CancellationToken.None);
        metrics.CardRestored();
        return await cards.FindAsync(pan, CancellationToken.None) is { } entry ? new FoundCard(entry, IsKnown: true) : FoundCard.NotKnown;
    }
}
