using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Releases holds whose expiry passed, and declines pending ones that nobody decided in time.</summary>
internal static class DueHolds
{
    /// <summary>Settles what is due. The account must have every hold in memory.</summary>
    internal static void Settle(AccountAggregate account, ProgramDirectory programs)
    {
        var next = long.MaxValue;
        for (var slot = 0; slot < account.HoldSlots; slot++)
        {
            if (!account.IsHoldLive(slot) || !account.Hold(slot).IsHolding)
                continue;
            ref readonly var hold = ref account.Hold(slot);
            if (hold.State == HoldState.Pending && hold.Deadline <= account.Now)
                End(account, programs, slot, HoldState.Declined, EventType.PendingTimeout);
            else if (hold.ExpiresAt <= account.Now)
                End(account, programs, slot, HoldState.Expired, EventType.AuthorizationExpiry);
            else
                next = Math.Min(next, hold.State == HoldState.Pending ? Math.Min(hold.Deadline, hold.ExpiresAt) : hold.ExpiresAt);
        }

        account.SetNextDue(next);
    }

    /// <summary>Ends a hold by our own doing and records it.</summary>
    internal static void End(AccountAggregate account, ProgramDirectory programs, int slot, HoldState state, EventType type)
    {
        var before = account.Hold(slot);
        var released = account.Release(slot, state);
        if (state == HoldState.Declined)
            account.ChangeHold(slot).Reason = DeclineReason.IssuerUnavailable;
        if (programs.TryGet(account.Account.Program, out _, out var calendar))
            LimitCounter.Restore(account, in before, -released, -1, calendar.At(account.Now));
        var record = EventOf(account, slot, type);
        record.HeldDelta = -released;
        record.BillingAmount = released;
        account.Record(ref record);
    }

    /// <summary>Undoes a decision that came too late, whether it held or posted, and makes 91 the stored answer.</summary>
    internal static void EndLate(AccountAggregate account, ProgramDirectory programs, int slot)
    {
        var before = account.Hold(slot);
        var released = before.IsHolding ? account.Release(slot, HoldState.Declined) : 0;
        if (before.PostedDelta != 0)
            account.Post(before.BillingCurrency, -before.PostedDelta);
        ref var hold = ref account.ChangeHold(slot);
        hold.State = HoldState.Declined;
        hold.PostedDelta = 0;
        hold.Reason = DeclineReason.IssuerUnavailable;
        hold.Traits |= HoldTraits.Late;
        if (programs.TryGet(account.Account.Program, out _, out var calendar))
            LimitCounter.Restore(account, in before, -(released + Math.Max(0, -before.PostedDelta)), -1, calendar.At(account.Now));
        var record = EventOf(account, slot, EventType.LateRelease);
        record.HeldDelta = -released;
        record.PostedDelta = -before.PostedDelta;
        record.BillingAmount = released + Math.Abs(before.PostedDelta);
        account.Record(ref record);
    }

    /// <summary>An event about a hold that no message brought.</summary>
    internal static EventRecord EventOf(AccountAggregate account, int slot, EventType type)
    {
        ref readonly var hold = ref account.Hold(slot);
        return new EventRecord
        {
            Type = type,
            Class = MessageClass.Internal,
            Kind = hold.Kind,
            State = hold.State,
            Traits = hold.Traits,
            Network = hold.Network,
            Reason = hold.Reason,
            CardId = account.HasCard(hold.Card) ? account.Card(hold.Card).CardId : Ulid.None,
            Transaction = hold.Transaction,
            Key = account.HoldKey(slot),
            TransactionAmount = hold.ApprovedTransaction,
            AskedTransaction = hold.AskedTransaction,
            TransactionCurrency = hold.TransactionCurrency,
            BillingCurrency = hold.BillingCurrency,
            Stan = hold.Stan,
            Transmission = hold.Transmission,
            Acquirer = hold.Acquirer,
            NetworkId = hold.NetworkId,
            RetrievalReference = hold.RetrievalReference,
            Terminal = hold.Terminal,
            ApprovalCode = hold.ApprovalCode,
        };
    }
}
