using Processor.Ledger;

namespace Processor.Switch;

/// <summary>What a search for the card of a PAN came to.</summary>
/// <param name="Entry">Where the PAN leads; null when no card has it, or when that is not known.</param>
/// <param name="IsKnown">False when neither Redis nor the records could say: then nobody may be told that there is no such card.</param>
internal readonly record struct FoundCard(CardDirectoryEntry? Entry, bool IsKnown)
{
    /// <summary>No card has that PAN.</summary>
    internal static FoundCard None => new(Entry: null, IsKnown: true);

    /// <summary>Whether a card has that PAN is not known.</summary>
    internal static FoundCard NotKnown => new(Entry: null, IsKnown: false);
}
