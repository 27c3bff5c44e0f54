using System.Text;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records.Tests;

/// <summary>An account whose batches a test writes, through the aggregate and the writer of the ledger itself.</summary>
internal sealed class TestAccount
{
    internal const ushort Eur = 978;
    internal const ushort Network = 3;
    internal const int Program = 9;

    private readonly AccountAggregate aggregate;
    private ulong version;
    private UInt128 nextTransaction;

    internal TestAccount(int number, long now = 1_774_785_600_000)
    {
        Id = new Ulid(((UInt128)1_774_000_000_000 << 80) | (uint)number);
        CardId = new Ulid(((UInt128)1_774_000_000_001 << 80) | (uint)number);
        nextTransaction = ((UInt128)1_774_000_000_002 << 80) | ((UInt128)(uint)number << 32);
        aggregate = new AccountAggregate(Id, partition: 0);
        Now = now;
    }

    internal Ulid Id { get; }

    internal Ulid CardId { get; }

    /// <summary>Unix milliseconds of the next decision.</summary>
    internal long Now { get; set; }

    internal AccountAggregate Aggregate => aggregate;

    /// <summary>The value of a hold's field as it is now.</summary>
    internal byte[] Image(UInt128 key)
    {
        Span<byte> value = stackalloc byte[1024];
        return value[..aggregate.WriteHold(aggregate.FindHold(key), value)].ToArray();
    }

    /// <summary>Opens the account with a balance and a card.</summary>
    internal TestAccount Open(long posted)
    {
        aggregate.BeginAt(Now);
        aggregate.Open(Program, Eur, creditLimit: 0);
        Record(new EventRecord { Type = EventType.AccountOpened, Class = MessageClass.Internal, AccountStatus = AccountStatus.Open });
        aggregate.AddCard(new CardRecord { CardId = CardId, Status = CardStatus.Active, Product = 4, Expiry = 3112, Revision = 1 });
        Record(new EventRecord { Type = EventType.CardAdded, Class = MessageClass.Internal, CardId = CardId, CardStatus = CardStatus.Active });
        if (posted != 0)
            TopUp(posted);
        return this;
    }

    internal void TopUp(long amount)
    {
        aggregate.BeginAt(Now);
        aggregate.Post(Eur, amount);
        Record(new EventRecord
        {
            Type = amount > 0 ? EventType.TopUp : EventType.Withdraw,
            Class = MessageClass.Internal,
            BillingCurrency = Eur,
            BillingAmount = Math.Abs(amount),
            PostedDelta = amount,
        });
    }

    internal void SetCard(CardStatus status)
    {
        aggregate.BeginAt(Now);
        ref var card = ref aggregate.ChangeCard(1);
        card.Status = status;
        card.Revision++;
        Record(new EventRecord { Type = EventType.CardStatusChanged, Class = MessageClass.Internal, CardId = CardId, CardStatus = status });
    }

    /// <summary>A command goes to the chip.</summary>
    internal void SendScript(int number) => aggregate.ChangeCard(1).ScriptNumber = number;

    internal void TellScript(int number, byte result) => (aggregate.ChangeCard(1).ScriptResultNumber, aggregate.ChangeCard(1).ScriptResult) = (number, result);

    internal void SetLimits(LimitRecord limits)
    {
        aggregate.BeginAt(Now);
        aggregate.SetLimits(1, in limits);
        Record(new EventRecord { Type = EventType.LimitsChanged, Class = MessageClass.Internal, CardId = CardId });
    }

    /// <summary>An approved 0100 that holds.</summary>
    internal UInt128 Authorize(UInt128 key, long amount, Func<HoldRecord, HoldRecord>? change = null)
    {
        aggregate.BeginAt(Now);
        var hold = Describe(key, amount) with { State = HoldState.Open, Class = MessageClass.Authorization, Held = amount, ExpiresAt = Now + 604_800_000 };
        hold = change?.Invoke(hold) ?? hold;
        aggregate.AddHold(key, in hold);
        RecordOf(EventType.Authorization, key, in hold, heldDelta: amount, postedDelta: 0);
        return key;
    }

    /// <summary>A 0100 that was declined: no hold.</summary>
    internal Ulid Decline(UInt128 key, long amount, DeclineReason reason)
    {
        aggregate.BeginAt(Now);
        var hold = Describe(key, amount) with { State = HoldState.Noted, Class = MessageClass.Authorization, Reason = reason };
        RecordOf(EventType.Authorization, key, in hold, heldDelta: 0, postedDelta: 0);
        return hold.Transaction;
    }

    /// <summary>A 0200 that posts at once.</summary>
    internal void Purchase(UInt128 key, long amount)
    {
        aggregate.BeginAt(Now);
        var hold = Describe(key, amount) with { State = HoldState.Posted, Class = MessageClass.Financial, PostedDelta = -amount };
        aggregate.AddHold(key, in hold);
        aggregate.Post(Eur, -amount);
        RecordOf(EventType.FinancialAuthorization, key, in hold, heldDelta: 0, postedDelta: -amount);
    }

    /// <summary>A full reversal of an open hold.</summary>
    internal void Reverse(UInt128 original)
    {
        aggregate.BeginAt(Now);
        var slot = aggregate.FindHold(original);
        var released = aggregate.Release(slot, HoldState.Released);
        RecordOf(EventType.AuthorizationReversal, original, in aggregate.Hold(slot), heldDelta: -released, postedDelta: 0);
    }

    internal void Expire(UInt128 original)
    {
        aggregate.BeginAt(Now);
        var slot = aggregate.FindHold(original);
        var released = aggregate.Release(slot, HoldState.Expired);
        RecordOf(EventType.AuthorizationExpiry, original, in aggregate.Hold(slot), heldDelta: -released, postedDelta: 0);
    }

    /// <summary>An open hold, or null when there is none.</summary>
    internal UInt128? OpenHold()
    {
        for (var slot = 0; slot < aggregate.HoldSlots; slot++)
        {
            if (aggregate.IsHoldLive(slot) && aggregate.Hold(slot).IsHolding)
                return aggregate.HoldKey(slot);
        }

        return null;
    }

    /// <summary>What the batch so far looks like in the journal; the next batch begins.</summary>
    internal byte[] Commit()
    {
        var buffer = new BatchBuffer();
        aggregate.SetVersion(++version);
        JournalWriter.WriteSection(ref buffer, aggregate);
        aggregate.ClearChanges();
        return buffer.Written.ToArray();
    }

    internal static void Put(Span<byte> target, string text) => Encoding.ASCII.GetBytes(text, target);

    private HoldRecord Describe(UInt128 key, long amount)
    {
        var hold = new HoldRecord
        {
            Kind = TransactionKind.Purchase,
            Card = 1,
            Network = Network,
            Transaction = new Ulid(++nextTransaction),
            AskedTransaction = amount,
            AskedBilling = amount,
            ApprovedTransaction = amount,
            ApprovedBilling = amount,
            TransactionCurrency = Eur,
            BillingCurrency = Eur,
            Stan = (uint)(key % 1_000_000),
            Transmission = 329_120_000,
            Acquirer = 412_345,
            Deadline = long.MaxValue,
            ExpiresAt = long.MaxValue,
        };
        Put(hold.RetrievalReference, "608812000001");
        Put(hold.Terminal, "TERM0001");
        Put(hold.ApprovalCode, "A1B2C3");
        return hold;
    }

    private void RecordOf(EventType type, UInt128 key, in HoldRecord hold, long heldDelta, long postedDelta)
    {
        var record = new EventRecord
        {
            Type = type,
            Class = hold.Class,
            Kind = hold.Kind,
            State = hold.State,
            Mti = 100,
            Network = hold.Network,
            Reason = hold.Reason,
            CardId = CardId,
            Transaction = hold.Transaction,
            Key = key,
            ExpiresAt = hold.IsHolding ? hold.ExpiresAt : 0,
            TransactionAmount = hold.AskedTransaction,
            BillingAmount = hold.AskedBilling,
            AskedTransaction = hold.AskedTransaction,
            TransactionCurrency = Eur,
            BillingCurrency = Eur,
            HeldDelta = heldDelta,
            PostedDelta = postedDelta,
            Stan = hold.Stan,
            Transmission = hold.Transmission,
            Acquirer = hold.Acquirer,
            RetrievalReference = hold.RetrievalReference,
            Terminal = hold.Terminal,
            ApprovalCode = hold.ApprovalCode,
            MerchantCategory = 5411,
            PosEntryMode = 51,
        };
        Put(record.CardAcceptor, "MERCHANT0000001");
        Put(record.CardAcceptorName, "CORNER SHOP              LISBON       PT");
        Record(record);
    }

    private void Record(EventRecord record) => aggregate.Record(ref record);
}
