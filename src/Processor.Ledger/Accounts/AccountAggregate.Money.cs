using Processor.Cards;

namespace Processor.Ledger;

/// <content>The verbs that move or hold money.</content>
public sealed partial class AccountAggregate
{
    /// <summary>Adds a hold field under a request key that is not known. When <see cref="HoldRecord.IsHolding"/>, its
    /// <see cref="HoldRecord.Held"/> is taken from available, even below the floor: the caller has asked <see cref="BalanceRecord.Available"/>.</summary>
    /// <param name="key">The request key; the script refuses the batch when Redis has it already.</param>
    /// <param name="record">Complete but for <see cref="HoldRecord.CreatedAt"/>, which becomes <see cref="Now"/>, as does
    /// <see cref="HoldRecord.ResolvedAt"/> when nothing is held.</param>
    /// <returns>The slot.</returns>
    public int AddHold(UInt128 key, in HoldRecord record)
    {
        ref var hold = ref holds.Add(key, out var slot);
        hold = record;
        hold.CreatedAt = Now;
        if (!hold.IsHolding)
        {
            hold.Held = 0;
            hold.ResolvedAt = Now;
            return slot;
        }

        Hold(hold.BillingCurrency, hold.Held);
        account.OpenHolds++;
        AwaitDue(in hold);
        return slot;
    }

    /// <summary>Adds a tombstone: a reversal that came before its original.</summary>
    public int AddTombstone(UInt128 key, in HoldRecord record, in OriginalQuery query)
    {
        var slot = AddHold(key, record with { State = HoldState.Tombstone });
        holds.SetTombstone(key, in query);
        account.Tombstones++;
        return slot;
    }

    /// <summary>Marks a hold as changed and hands it out, to change what does not move money: flags, answer, ids, what was posted.</summary>
    /// <remarks>One that holds nothing is resolved anew: it must stay in Redis until Postgres has this change too.</remarks>
    public ref HoldRecord ChangeHold(int slot)
    {
        ref var hold = ref holds.Change(slot);
        if (!hold.IsHolding)
            hold.ResolvedAt = Now;
        return ref hold;
    }

    /// <summary>Sets what an open hold holds; zero leaves it open.</summary>
    /// <param name="slot">A hold that <see cref="HoldRecord.IsHolding"/>.</param>
    /// <param name="amount">Not negative; may take available below the floor.</param>
    public void SetHeld(int slot, long amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        ref var hold = ref holds.Change(slot);
        if (!hold.IsHolding)
            throw new InvalidOperationException("The hold holds nothing any more.");
        Hold(hold.BillingCurrency, checked(amount - hold.Held));
        hold.Held = amount;
    }

    /// <summary>Ends an open hold: nothing is held any more.</summary>
    /// <param name="slot">A hold that <see cref="HoldRecord.IsHolding"/>.</param>
    /// <param name="state">What became of it.</param>
    /// <returns>What was held.</returns>
    public long Release(int slot, HoldState state)
    {
        var released = holds.At(slot).Held;
        SetHeld(slot, 0);
        ref var hold = ref holds.Change(slot);
        hold.State = state;
        hold.ResolvedAt = Now;
        account.OpenHolds--;
        if (account.OpenHolds == 0)
            account.NextDue = long.MaxValue;
        return released;
    }

    /// <summary>Opens a hold again whose state said that nothing is held, at an amount.</summary>
    public void Reopen(int slot, long amount)
    {
        ref var hold = ref holds.Change(slot);
        if (hold.IsHolding)
            throw new InvalidOperationException("The hold is open.");
        hold.State = HoldState.Open;
        hold.ResolvedAt = 0;
        hold.Held = 0;
        account.OpenHolds++;
        AwaitDue(in hold);
        SetHeld(slot, amount);
    }

    /// <summary>Sets when an open hold is released by itself.</summary>
    public void SetExpiry(int slot, long expiresAt)
    {
        ref var hold = ref holds.Change(slot);
        hold.ExpiresAt = expiresAt;
        AwaitDue(in hold);
    }

    /// <summary>Decides a pending hold: it stays as an open one.</summary>
    public void Confirm(int slot)
    {
        ref var hold = ref holds.Change(slot);
        if (hold.State != HoldState.Pending)
            throw new InvalidOperationException("The hold is not pending.");
        hold.State = HoldState.Open;
        hold.Deadline = long.MaxValue;
    }

    /// <summary>Moves money: a credit is positive, a debit negative.</summary>
    public void Post(ushort currency, long delta)
    {
        ref var balance = ref ChangeBalance(currency);
        balance.Posted = checked(balance.Posted + delta);
    }

    /// <summary>Remembers a decline, so that its repeat is declined alike. Eight are remembered for each card.</summary>
    public void RememberDecline(ushort card, UInt128 key, long askedTransaction, ushort transactionCurrency, DeclineReason reason)
    {
        ref var record = ref ChangeDeclines(card);
        record.Entries[record.Next] = new DeclineEntry { Key = key, AskedTransaction = askedTransaction, TransactionCurrency = transactionCurrency, Reason = reason };
        record.Next = (record.Next + 1) % DeclineRecord.Capacity;
    }

    /// <summary>Puts an event into the journal of this batch. Fills in the time and the balances after it.</summary>
    public void Record(ref EventRecord record)
    {
        record.At = Now;
        var index = FindBalance(record.BillingCurrency);
        if (index >= 0)
        {
            record.PostedAfter = balances[index].Posted;
            record.HeldAfter = balances[index].Held;
            record.AvailableAfter = balances[index].Available;
        }

        if (eventCount == events.Length)
            Array.Resize(ref events, Math.Max(4, events.Length * 2));
        events[eventCount++] = record;
    }

    private void Hold(ushort currency, long delta)
    {
        ref var balance = ref ChangeBalance(currency);
        balance.Held = checked(balance.Held + delta);
    }

    private void AwaitDue(in HoldRecord hold)
    {
        var due = hold.State == HoldState.Pending ? Math.Min(hold.ExpiresAt, hold.Deadline) : hold.ExpiresAt;
        account.NextDue = Math.Min(account.NextDue, due);
    }
}
