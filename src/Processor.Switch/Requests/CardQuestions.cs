using Microsoft.Extensions.Logging;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Switch;

/// <summary>Asks the records which cards have some PANs: one question at a time, and one for all PANs that wait.</summary>
/// <remarks>Whoever makes up PANs has each of them come here. So what Postgres is asked is bounded whatever comes: so many questions in a
/// second, of so many PANs each. Answers are not kept: a card that is issued later is found at once.</remarks>
internal sealed class CardQuestions(ICardRecords records, TimeProvider clock, SwitchMetrics metrics, ILogger log)
{
    /// <summary>PANs of one question.</summary>
    internal const int PansMax = 256;

    /// <summary>PANs that wait for the next questions; beyond, nothing is known of them.</summary>
    internal const int WaitingMax = 4096;

    /// <summary>From the end of a question to the next.</summary>
    internal static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    /// <summary>How long Postgres may take: as long as a sender waits by default.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly Task<IReadOnlyList<RecordedCard>?> NotKnown = Task.FromResult<IReadOnlyList<RecordedCard>?>(null);

    private readonly Lock gate = new();
    private Dictionary<PanHash, TaskCompletionSource<IReadOnlyList<RecordedCard>?>> waiting = [];
    private bool isAsking;

    /// <summary>Finds out which cards have a PAN.</summary>
    /// <returns>Empty when none has it; null when that is not known.</returns>
    internal Task<IReadOnlyList<RecordedCard>?> AskAsync(PanHash pan)
    {
        TaskCompletionSource<IReadOnlyList<RecordedCard>?>? answer;
        bool isFirst;
        lock (gate)
        {
            if (waiting.TryGetValue(pan, out answer))
                return answer.Task;
            if (waiting.Count == WaitingMax)
                return NotKnown;
            answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add(pan, answer);
            isFirst = !isAsking;
            isAsking = true;
        }

        metrics.CardSearched();
        if (isFirst)
            _ = RunAsync();
        return answer.Task;
    }

    private async Task RunAsync()
    {
        while (TryTake(out var taken))
        {
            var isAnswered = true;
            foreach (var some in taken.Chunk(PansMax))
            {
                // Where one question had no answer, those that wait for the next are not kept waiting.
                var cards = isAnswered ? await ListAsync([.. some.Select(item => item.Key)]) : null;
                isAnswered = cards is not null;
                foreach (var (pan, answer) in some)
                    answer.SetResult(cards?[pan].ToList());
                if (isAnswered)
                    await Task.Delay(Rest, clock);
            }

            if (!isAnswered)
                await Task.Delay(Rest, clock);
        }
    }

    private bool TryTake(out Dictionary<PanHash, TaskCompletionSource<IReadOnlyList<RecordedCard>?>> taken)
    {
        lock (gate)
        {
            taken = waiting;
            isAsking = taken.Count > 0;
            if (isAsking)
                waiting = [];
            return isAsking;
        }
    }

    private async Task<ILookup<PanHash, RecordedCard>?> ListAsync(PanHash[] pans)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            return (await records.ListAsync(pans, patience.Token)).ToLookup(card => card.Pan);
        }
#pragma warning disable CA1031 // Whatever Postgres does, those that wait must be answered.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            SwitchLog.CardsNotKnown(log, problem, pans.Length);
            return null;
        }
    }
}
