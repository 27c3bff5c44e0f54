using Processor.Cards;
using Processor.Ledger;

namespace Processor.Switch.Tests;

/// <summary>The records in memory: they answer when the test lets them, and count what they are asked.</summary>
internal sealed class RecordList : ICardRecords
{
    private readonly Lock gate = new();
    private readonly List<int> questions = [];
    private int running;

    /// <summary>Cards that are known.</summary>
    public List<RecordedCard> Cards { get; } = [];

    /// <summary>Answers wait for this; where it fails, so do they.</summary>
    public Task Way { get; set; } = Task.CompletedTask;

    /// <summary>True when a question came while another was not answered.</summary>
    public bool IsCrowded { get; private set; }

    /// <summary>How many PANs each question was about, in order.</summary>
    public IReadOnlyList<int> Questions
    {
        get
        {
            lock (gate)
                return [.. questions];
        }
    }

    public async Task<IReadOnlyList<RecordedCard>> ListAsync(IReadOnlyCollection<PanHash> pans, CancellationToken cancellation)
    {
        lock (gate)
        {
            questions.Add(pans.Count);
            IsCrowded |= ++running > 1;
        }

        try
        {
            await Way.WaitAsync(cancellation);
            return [.. Cards.Where(card => pans.Contains(card.Pan))];
        }
        finally
        {
            lock (gate)
                running--;
        }
    }
}
