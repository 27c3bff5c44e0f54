using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Processor.Cards;

namespace Processor.Ledger;

/// <content>Fields of the hash: reading them in, and handing the changed ones to the lane.</content>
/// <remarks>A field's name is one letter and, where there are several, a number: <c>a</c> account; <c>b</c>+u16 balance by currency;
/// <c>c</c>, <c>k</c>, <c>l</c>, <c>u</c>, <c>d</c>+u16 card, its chip's counters, limits, usage, declines by ordinal; <c>h</c>+u128 hold by request key. Numbers are big-endian.</remarks>
public sealed partial class AccountAggregate
{
    // Lua puts a list of some thousands on its stack, not one of any length.
    private const int HeadNamesMax = 2_000;

    private ChangedFields[] changed = [];
    private ChangedFields[] present = [];
    private ushort[] changedOrdinals = [];
    private EventRecord[] events = [];
    private ulong changedBalances;
    private int changedOrdinalCount;
    private int eventCount;

    /// <summary>The version that the script must find; 0 for an account that is being opened.</summary>
    public ulong Version => account.Version;

    /// <summary>True when the batch at hand changed anything.</summary>
    public bool IsChanged => eventCount > 0 || changedBalances != 0 || changedOrdinalCount > 0 || holds.MarkedCount > 0 || isDueChanged;

    /// <summary>The events of the batch at hand.</summary>
    public ReadOnlySpan<EventRecord> Events => events.AsSpan(0, eventCount);

    internal HoldTable Holds => holds;

    /// <summary>Counts the fields known here that <see cref="AccountRecord.HeadFields"/> counts in Redis.</summary>
    internal bool HasEveryHeadField
    {
        get
        {
            var known = balances.Length;
            foreach (var fields in present)
                known += int.PopCount((int)fields);
            return (ushort)known == account.HeadFields;
        }
    }

    /// <summary>Writes the names of all fields but the account's and the holds', three bytes each; none when there are more than a script takes at once.
    /// Then a conflict has the whole account read again.</summary>
    internal void WriteHeadNames(ref BatchBuffer target)
    {
        if (account.HeadFields > HeadNamesMax)
            return;
        Span<byte> name = stackalloc byte[3];
        foreach (ref readonly var balance in balances.AsSpan())
            target.Write(Name(name, 'b', balance.Currency));
        for (ushort ordinal = 0; ordinal < present.Length; ordinal++)
        {
            if ((present[ordinal] & ChangedFields.Card) != 0)
                target.Write(Name(name, 'c', ordinal));
            if ((present[ordinal] & ChangedFields.Counters) != 0)
                target.Write(Name(name, 'k', ordinal));
            if ((present[ordinal] & ChangedFields.Limits) != 0)
                target.Write(Name(name, 'l', ordinal));
            if ((present[ordinal] & ChangedFields.Usage) != 0)
                target.Write(Name(name, 'u', ordinal));
            if ((present[ordinal] & ChangedFields.Declines) != 0)
                target.Write(Name(name, 'd', ordinal));
        }
    }

    /// <summary>Begins one operation: time goes on, never back.</summary>
    internal void BeginAt(long now) => account.LastTime = Math.Max(account.LastTime, now);

    internal void SetVersion(ulong version) => account.Version = version;

    /// <summary>Takes in one field as Redis or the journal has it.</summary>
    /// <returns>False when the name or the length is not of this layout.</returns>
    public bool TryLoad(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty)
            return false;
        switch (name[0])
        {
            case (byte)'a':
                return TryRead(value, out account) && account.Layout == Layout;
            case (byte)'b' when TryRead(value, out BalanceRecord balance):
                var index = FindBalance(balance.Currency);
                if (index < 0)
                {
                    Array.Resize(ref balances, balances.Length + 1);
                    index = balances.Length - 1;
                }

                balances[index] = balance;
                return true;
            case (byte)'c' when CardRecord.TryRead(value, out var card) && card.Ordinal > 0:
                LoadCard(in card);
                return true;
            case (byte)'k' when TryReadOrdinal(name, ChangedFields.Counters, out var ordinal) && TryRead(value, out ChipCounters counters) && ordinal > 0:
                cards[ordinal - 1].Counters = counters;
                return true;
            case (byte)'l' when TryReadOrdinal(name, ChangedFields.Limits, out var ordinal):
                return TryRead(value, out limits[ordinal]);
            case (byte)'u' when TryReadOrdinal(name, ChangedFields.Usage, out var ordinal):
                return TryRead(value, out usages[ordinal]);
            case (byte)'d' when TryReadOrdinal(name, ChangedFields.Declines, out var ordinal):
                return TryRead(value, out declines[ordinal]);
            case (byte)'h' when name.Length == 17 && value.Length >= Unsafe.SizeOf<HoldRecord>():
                LoadHold(BinaryPrimitives.ReadUInt128BigEndian(name[1..]), value);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Takes in a hold as kept elsewhere: the value of its field.</summary>
    /// <returns>False when the hold is in memory already: then that one stays.</returns>
    public bool LoadHold(UInt128 key, ReadOnlySpan<byte> value)
    {
        if (holds.Find(key) >= 0)
            return false;
        var record = MemoryMarshal.Read<HoldRecord>(value);
        holds.Load(key, in record);
        if (record.State == HoldState.Tombstone && value.Length == Unsafe.SizeOf<HoldRecord>() + Unsafe.SizeOf<OriginalQuery>())
            holds.SetTombstone(key, MemoryMarshal.Read<OriginalQuery>(value[Unsafe.SizeOf<HoldRecord>()..]));
        return true;
    }

    /// <summary>Lets a hold that <see cref="LoadHold"/> took in go again, unless the batch at hand changed it.</summary>
    internal void ForgetHold(UInt128 key) => holds.Forget(key);

    /// <summary>The value of a hold's field: the record, and for a tombstone what it waits for.</summary>
    internal int WriteHold(int slot, Span<byte> target)
    {
        ref readonly var record = ref holds.At(slot);
        MemoryMarshal.Write(target, in record);
        var length = Unsafe.SizeOf<HoldRecord>();
        if (record.State != HoldState.Tombstone || !holds.TryGetTombstone(holds.KeyAt(slot), out var query))
            return length;
        MemoryMarshal.Write(target[length..], in query);
        return length + Unsafe.SizeOf<OriginalQuery>();
    }

    /// <summary>Hands every changed field to a sink, the account's own first. Holds that were removed come with an empty value.</summary>
    internal void WriteChanges<TSink>(ref TSink sink)
        where TSink : struct, IFieldSink, allows ref struct
    {
        Span<byte> name = stackalloc byte[17];
        Span<byte> value = stackalloc byte[Unsafe.SizeOf<HoldRecord>() + Unsafe.SizeOf<OriginalQuery>()];
        sink.Put("a"u8, MemoryMarshal.AsBytes(new ReadOnlySpan<AccountRecord>(in account)));
        for (var index = 0; index < balances.Length; index++)
        {
            if ((changedBalances & (1UL << index)) != 0)
                sink.Put(Name(name, 'b', balances[index].Currency), MemoryMarshal.AsBytes(new ReadOnlySpan<BalanceRecord>(in balances[index])));
        }

        foreach (var ordinal in changedOrdinals.AsSpan(0, changedOrdinalCount))
        {
            var fields = changed[ordinal];
            if ((fields & ChangedFields.Card) != 0)
                sink.Put(Name(name, 'c', ordinal), MemoryMarshal.AsBytes(new ReadOnlySpan<CardRecord>(in cards[ordinal - 1])));
            if ((fields & ChangedFields.Counters) != 0)
            {
                var counters = cards[ordinal - 1].Counters;
                sink.Put(Name(name, 'k', ordinal), MemoryMarshal.AsBytes(new ReadOnlySpan<ChipCounters>(in counters)));
            }

            if ((fields & ChangedFields.Limits) != 0)
                sink.Put(Name(name, 'l', ordinal), MemoryMarshal.AsBytes(new ReadOnlySpan<LimitRecord>(in limits[ordinal])));
            if ((fields & ChangedFields.Usage) != 0)
                sink.Put(Name(name, 'u', ordinal), MemoryMarshal.AsBytes(new ReadOnlySpan<UsageRecord>(in usages[ordinal])));
            if ((fields & ChangedFields.Declines) != 0)
                sink.Put(Name(name, 'd', ordinal), MemoryMarshal.AsBytes(new ReadOnlySpan<DeclineRecord>(in declines[ordinal])));
        }

        foreach (var slot in holds.Marked)
        {
            name[0] = (byte)'h';
            BinaryPrimitives.WriteUInt128BigEndian(name[1..], holds.KeyAt(slot));
            sink.Put(name, holds.IsRemoved(slot) ? default : value[..WriteHold(slot, value)]);
        }
    }

    /// <summary>The batch was committed: memory is now as Redis has it.</summary>
    internal void ClearChanges()
    {
        foreach (var ordinal in changedOrdinals.AsSpan(0, changedOrdinalCount))
            changed[ordinal] = ChangedFields.None;
        changedOrdinalCount = 0;
        changedBalances = 0;
        isDueChanged = false;
        eventCount = 0;
        holds.ClearMarks();
    }

    private static ReadOnlySpan<byte> Name(Span<byte> name, char letter, ushort number)
    {
        name[0] = (byte)letter;
        BinaryPrimitives.WriteUInt16BigEndian(name[1..], number);
        return name[..3];
    }

    private static bool TryRead<T>(ReadOnlySpan<byte> value, out T record)
        where T : unmanaged
    {
        record = default;
        return value.Length == Unsafe.SizeOf<T>() && MemoryMarshal.TryRead(value, out record);
    }

    // Fields come in any order, and those of the counters are never older than what the card's says of them.
    private void LoadCard(in CardRecord card)
    {
        SizeFor(card.Ordinal);
        ref var known = ref cards[card.Ordinal - 1];
        var counters = known.Counters;
        known = card;
        if ((present[card.Ordinal] & ChangedFields.Counters) != 0)
            known.Counters = counters;
        present[card.Ordinal] |= ChangedFields.Card;
    }

    private bool TryReadOrdinal(ReadOnlySpan<byte> name, ChangedFields field, out ushort ordinal)
    {
        ordinal = 0;
        if (name.Length != 3)
            return false;
        ordinal = BinaryPrimitives.ReadUInt16BigEndian(name[1..]);
        SizeFor(ordinal);
        present[ordinal] |= field;
        return true;
    }

    private ref BalanceRecord ChangeBalance(ushort currency)
    {
        var index = FindBalance(currency);
        if (index < 0)
            throw new InvalidOperationException("The account has no balance in that currency.");
        MarkBalance(index);
        return ref balances[index];
    }

    private void MarkBalance(int index)
    {
        if (index >= 64)
            throw new InvalidOperationException("An account has at most 64 currencies.");
        changedBalances |= 1UL << index;
    }

    private void MarkCard(ushort ordinal) => Mark(ordinal, ChangedFields.Card);

    private void Mark(ushort ordinal, ChangedFields fields)
    {
        if ((changed[ordinal] & ChangedFields.Listed) == 0)
        {
            if (changedOrdinalCount == changedOrdinals.Length)
                Array.Resize(ref changedOrdinals, Math.Max(4, changedOrdinals.Length * 2));
            changedOrdinals[changedOrdinalCount++] = ordinal;
        }

        changed[ordinal] |= fields | ChangedFields.Listed;
        if ((present[ordinal] & fields) != fields)
        {
            present[ordinal] |= fields;
            account.HeadFields++;
        }
    }
}
