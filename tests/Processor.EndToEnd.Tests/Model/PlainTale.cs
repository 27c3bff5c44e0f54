namespace Processor.EndToEnd.Tests;

/// <summary>What became of a step: what its sender was told, each time that it asked, and when.</summary>
internal sealed class PlainTale(PlainStep step)
{
    private readonly List<ToldAnswer> told = [];
    private readonly List<ToldAnswer> toldLater = [];

    internal PlainStep Step { get; } = step;

    /// <summary>When it was first sent, in the run's own count; 0 for never.</summary>
    internal long SentAt { get; init; }

    /// <summary>When it was first answered, in the run's own count; <see cref="long.MaxValue"/> for never.</summary>
    internal long ToldAt { get; private set; } = long.MaxValue;

    /// <summary>The answers in the order in which they came; those to repeats as well.</summary>
    internal IReadOnlyList<ToldAnswer> Told => told;

    /// <summary>The answers to what was asked after the first answer had come.</summary>
    internal IReadOnlyList<ToldAnswer> ToldLater => toldLater;

    /// <summary>True when the ledger said that it did not carry this out, and was not asked again.</summary>
    internal bool IsUnavailable { get; set; }

    /// <summary>True for a message of a network, false for a command of the program.</summary>
    internal bool IsMessage => Step.Verb is not (PlainVerb.TopUp or PlainVerb.Withdraw or PlainVerb.Freeze or PlainVerb.Unfreeze);

    internal void Tell(ToldAnswer answer, long askedAt, long at)
    {
        lock (told)
        {
            told.Add(answer);
            if (askedAt > ToldAt)
                toldLater.Add(answer);
            if (told.Count == 1)
                ToldAt = at;
        }
    }
}
