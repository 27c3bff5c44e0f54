using Processor.Cards;

namespace Processor.Ledger;

/// <summary>Where a PAN leads.</summary>
/// <param name="AccountId">The account that its cards draw on.</param>
/// <param name="Program">Number of the program.</param>
/// <param name="Instances">At least one, oldest first.</param>
public sealed record CardDirectoryEntry(Ulid AccountId, int Program, IReadOnlyList<CardInstance> Instances)
{
    /// <summary>The instance that a message means: by expiry when it names one, then by sequence number, else the newest.</summary>
    /// <param name="expiry">DE 14 or the track's; 0 when the message names none.</param>
    /// <param name="sequenceNumber">DE 23; −1 when the message names none.</param>
    /// <returns>The instance; the newest one when nothing fits, so that the card's own check gives the reason.</returns>
    public CardInstance Choose(int expiry, int sequenceNumber)
    {
        var chosen = Instances[^1];
        for (var index = Instances.Count - 1; index >= 0; index--)
        {
            var instance = Instances[index];
            if (expiry != 0 && instance.Expiry != expiry)
                continue;
            if (sequenceNumber < 0 || instance.SequenceNumber == sequenceNumber)
                return instance;
            if (chosen.Expiry != expiry)
                chosen = instance;
        }

        return chosen;
    }
}
