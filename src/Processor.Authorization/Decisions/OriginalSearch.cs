using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Finds the original that an advice or a reversal names, in memory, then in all of Redis, then in Postgres.</summary>
internal static class OriginalSearch
{
    /// <summary>Finds the original.</summary>
    /// <param name="scene">The message. Its operation's query is filled in.</param>
    /// <param name="slot">The original's slot; −1 when there is none anywhere.</param>
    /// <param name="asks">What must be loaded first, when the result is false.</param>
    internal static bool TryFind(ref Scene scene, out int slot, out DecideResult asks)
    {
        var operation = scene.Operation;
        operation.Original = scene.NewQuery();
        slot = scene.Account.FindOriginal(in operation.Original);
        asks = DecideResult.NeedsHolds;
        if (slot < 0 && !scene.Account.HasEveryHold)
            return false;
        asks = DecideResult.NeedsHistory;
        if (operation.HasHistory)
            return true;

        // A message about an original of the last minutes cannot have been here before those minutes, so Redis knows of it.
        // Otherwise it may have come before, and only Postgres remembers.
        return slot >= 0 && scene.Account.Hold(slot).CreatedAt + scene.RepeatWindow > scene.Account.Now;
    }
}
