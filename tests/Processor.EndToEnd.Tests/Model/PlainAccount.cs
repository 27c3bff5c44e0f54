using Processor.Cards;

namespace Processor.EndToEnd.Tests;

/// <summary>
/// What an account does, written a second time and as plainly as can be: one thread, dictionaries, no cache and no batch. The
/// random run replays its journal here, in commit order.
/// </summary>
internal sealed class PlainAccount(long? dayLimit)
{
    private const long Day = 86_400_000;

    private readonly Dictionary<int, Entry> entries = [];
    private readonly Dictionary<int, List<Entry>> transactions = [];
    private readonly Dictionary<int, long> buried = [];
    private long usedOn;
    private long used;

    internal long Posted { get; private set; }

    internal long Held { get; private set; }

    internal bool IsFrozen { get; private set; }

    /// <summary>Lets go of the tombstone of a step whose reversal came before a moment.</summary>
    internal void Unbury(PlainStep step, long before)
    {
        if (buried.TryGetValue(step.Number, out var since) && since < before)
            buried.Remove(step.Number);
    }

    /// <summary>Carries a step out and says what moved, or why it was declined.</summary>
    internal (long Held, long Posted, DeclineReason Reason) Play(PlainStep step, long at, UInt128 key)
    {
        var moved = Carry(step, at, key);
        Held += moved.Held;
        return moved;
    }

    private (long Held, long Posted, DeclineReason Reason) Carry(PlainStep step, long at, UInt128 key) => step.Verb switch
    {
        PlainVerb.TopUp => Move(step.Amount),
        PlainVerb.Withdraw => Move(-step.Amount),
        PlainVerb.Freeze => Freeze(true),
        PlainVerb.Unfreeze => Freeze(false),
        PlainVerb.Hold or PlainVerb.Post or PlainVerb.Inquiry => Request(step, at, key),
        PlainVerb.Reversal => Reverse(step, at, key),
        _ => Advise(step, at, key),
    };

    private (long Held, long Posted, DeclineReason Reason) Request(PlainStep step, long at, UInt128 key)
    {
        if (buried.ContainsKey(step.Number))
        {
            Keep(step, new Entry(step.Number, at, key));
            return (0, 0, DeclineReason.InvalidTransaction);
        }

        if (IsFrozen)
            return (0, 0, DeclineReason.CardFrozen);
        if (step.Verb == PlainVerb.Inquiry)
            return (0, 0, DeclineReason.None);
        if (dayLimit is { } limit && UsedOn(at) + step.Amount > limit)
            return (0, 0, DeclineReason.AmountLimit);
        if (Posted - Held < step.Amount)
            return (0, 0, DeclineReason.InsufficientFunds);
        Use(at, step.Amount);
        var entry = Keep(step, new Entry(step.Number, at, key) { Approved = step.Amount, IsCounted = true });
        if (step.Verb == PlainVerb.Hold)
        {
            entry.IsOpen = true;
            entry.Held = step.Amount;
            return (step.Amount, 0, DeclineReason.None);
        }

        entry.IsPosted = true;
        entry.Moved = -step.Amount;
        Posted -= step.Amount;
        return (0, -step.Amount, DeclineReason.None);
    }

    private (long Held, long Posted, DeclineReason Reason) Advise(PlainStep step, long at, UInt128 key)
    {
        var original = entries.GetValueOrDefault(step.Of);
        var entry = new Entry(original?.Transaction ?? step.Number, at, key) { Approved = step.Amount };
        if (buried.ContainsKey(step.Number))
        {
            Keep(step, entry);
            return (0, 0, DeclineReason.None);
        }

        original = WithMoney(original);
        if (original is { IsOpen: true })
        {
            var delta = step.Amount - original.Held;
            original.Held = step.Amount;
            Restore(original, at, delta);
            Keep(step, entry);
            return (delta, 0, DeclineReason.None);
        }

        Keep(step, entry);
        if (original is { IsPosted: true })
            return (0, 0, DeclineReason.None);
        entry.IsOpen = true;
        entry.Held = step.Amount;
        entry.IsCounted = true;
        Use(at, step.Amount);
        return (step.Amount, 0, DeclineReason.None);
    }

    private (long Held, long Posted, DeclineReason Reason) Reverse(PlainStep step, long at, UInt128 key)
    {
        if (!entries.TryGetValue(step.Of, out var original))
        {
            buried.TryAdd(step.Of, at);
            return (0, 0, DeclineReason.None);
        }

        Keep(step, new Entry(original.Transaction, at, key));
        original = WithMoney(original)!;
        var remaining = Math.Max(0, step.Remaining);
        if (original.IsOpen)
        {
            if (remaining >= original.Held)
                return (0, 0, DeclineReason.None);
            var undone = original.Held - remaining;
            original.Held = remaining;
            original.IsOpen = remaining > 0;
            Restore(original, at, -undone);
            return (-undone, 0, DeclineReason.None);
        }

        if (original.Moved == 0 || remaining >= -original.Moved)
            return (0, 0, DeclineReason.None);
        var opposite = -original.Moved - remaining;
        original.Moved = -remaining;
        original.IsPosted = remaining > 0;
        Posted += opposite;
        Restore(original, at, -opposite);
        return (0, opposite, DeclineReason.None);
    }

    private Entry? WithMoney(Entry? original) => original is null || original.IsOpen || original.Moved != 0
        ? original
        : transactions[original.Transaction]
            .Where(entry => entry.IsOpen || entry.Moved != 0)
            .OrderBy(entry => (entry.At, entry.Key)).LastOrDefault() ?? original;

    private (long Held, long Posted, DeclineReason Reason) Move(long amount)
    {
        Posted += amount;
        return (0, amount, DeclineReason.None);
    }

    private (long Held, long Posted, DeclineReason Reason) Freeze(bool isFrozen)
    {
        IsFrozen = isFrozen;
        return (0, 0, DeclineReason.None);
    }

    private Entry Keep(PlainStep step, Entry entry)
    {
        if (!transactions.TryGetValue(entry.Transaction, out var parts))
            transactions[entry.Transaction] = parts = [];
        parts.Add(entry);
        return entries[step.Number] = entry;
    }

    private long UsedOn(long at) => at / Day == usedOn ? used : 0;

    private void Use(long at, long amount)
    {
        if (dayLimit is null)
            return;
        used = UsedOn(at) + amount;
        usedOn = at / Day;
    }

    private void Restore(Entry entry, long at, long delta)
    {
        if (dayLimit is not null && entry.IsCounted && usedOn == at / Day && entry.At / Day == usedOn)
            used = Math.Max(0, used + delta);
    }

    private sealed class Entry(int transaction, long at, UInt128 key)
    {
        internal int Transaction { get; } = transaction;

        internal long At { get; } = at;

        internal UInt128 Key { get; } = key;

        internal long Approved { get; init; }

        internal long Held { get; set; }

        internal long Moved { get; set; }

        internal bool IsOpen { get; set; }

        internal bool IsPosted { get; set; }

        internal bool IsCounted { get; set; }
    }
}
