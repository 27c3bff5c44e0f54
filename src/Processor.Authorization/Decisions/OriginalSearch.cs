using Processor.Cards;
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
        if (!scene.Account.HasEveryHold && !IsSurely(in scene, slot))
            return false;
        asks = DecideResult.NeedsHistory;
        if (operation.HasHistory)
            return true;

        // A message about an original of the last minutes cannot have been here before those minutes, so Redis knows of it.
        // Otherwise it may have come before, and only Postgres remembers.
        if (slot < 0)
            return false;
        operation.OriginalTransaction = IsMoneyElsewhere(in scene, slot) ? scene.Account.Hold(slot).Transaction : Ulid.None;
        return operation.OriginalTransaction == Ulid.None && scene.Account.Hold(slot).CreatedAt + scene.RepeatWindow > scene.Account.Now;
    }

    /// <summary>True when no message of the named one's transaction has money here, and one that has it may be so old that Redis has let it go.</summary>
    private static bool IsMoneyElsewhere(in Scene scene, int slot) =>
        scene.Account.Hold(slot).Transaction.Milliseconds + scene.RepeatWindow <= scene.Account.Now
        && !HasMoney(scene.Account, FindMoney(scene.Account, slot));

    /// <summary>The money of a purchase may have moved on from the message that is named to a later one, its completion.</summary>
    /// <param name="account">The account, with every hold that may be meant.</param>
    /// <param name="original">What the message names.</param>
    /// <returns>That one while it holds or has posted something, else the latest of the same transaction and direction that does;
    /// <paramref name="original"/> when none does.</returns>
    internal static int FindMoney(AccountAggregate account, int original)
    {
        if (HasMoney(account, original))
            return original;
        ref readonly var named = ref account.Hold(original);
        var found = original;
        for (var slot = 0; slot < account.HoldSlots; slot++)
        {
            if (!account.IsHoldLive(slot) || account.Hold(slot).Transaction != named.Transaction || !HasMoney(account, slot))
                continue;
            if (IsCredit(account.Hold(slot).Kind) != IsCredit(named.Kind))
                continue;
            if (found == original || IsLater(account, slot, found))
                found = slot;
        }

        return found;
    }

    /// <summary>True for what gives money to the cardholder: it never takes the place of what took some, nor the other way round.</summary>
    internal static bool IsCredit(TransactionKind kind) => kind == TransactionKind.Refund;

    private static bool HasMoney(AccountAggregate account, int slot) =>
        account.Hold(slot).IsHolding || account.Hold(slot).PostedDelta != 0;

    // Slots are in no order that two hosts share; the key decides between two of the same moment.
    private static bool IsLater(AccountAggregate account, int slot, int other) =>
        (account.Hold(slot).CreatedAt, account.HoldKey(slot)).CompareTo((account.Hold(other).CreatedAt, account.HoldKey(other))) > 0;

    /// <summary>True when no hold that is not in memory could be meant rather: DE 90 names this one, and it has its money.</summary>
    private static bool IsSurely(in Scene scene, int slot) =>
        slot >= 0 && scene.Account.Hold(slot).IsHolding && scene.Operation.Original.MatchesElements(in scene.Account.Hold(slot));
}
