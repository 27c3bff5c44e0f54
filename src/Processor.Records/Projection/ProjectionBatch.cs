using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Npgsql;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>What some journal entries of one partition mean for each table. Kept and used again; one thread at a time.</summary>
internal sealed class ProjectionBatch
{
    private readonly ByteArena arena = new();
    private readonly TransactionTable transactions;
    private readonly TransactionEventTable events = new();
    private readonly LedgerEntryTable entries = new();
    private readonly HoldStateTable holds;
    private readonly AccountStateTable accounts = new();
    private readonly AccountBalanceTable balances = new();
    private readonly CardStateTable cards = new();
    private readonly LimitStateTable limits = new();
    private readonly CardTransitionTable transitions = new();
    private readonly JournalExceptionTable exceptions = new();
    private readonly ProjectedTable[] tables;

    internal ProjectionBatch()
    {
        transactions = new TransactionTable(arena);
        holds = new HoldStateTable(arena);
        tables = [transactions, events, entries, holds, accounts, balances, cards, limits, transitions, exceptions];
    }

    /// <summary>The entries that it is made of.</summary>
    internal JournalRows Rows { get; } = new();

    /// <summary>Events taken in.</summary>
    internal int Events { get; private set; }

    /// <summary>What could not be taken in.</summary>
    internal JournalExceptionTable Exceptions => exceptions;

    internal void Clear()
    {
        foreach (var table in tables)
            table.Clear();
        arena.Clear();
        Events = 0;
    }

    /// <summary>Takes in an entry as far as it can be read; the rest is noted as an exception.</summary>
    internal void Add(int partition, JournalId id, ReadOnlySpan<byte> payload)
    {
        var reader = new JournalReader(payload);
        var place = 0;
        var number = 0;
        while (reader.TryRead(out var section))
        {
            AddSection(partition, id, number, ref place, in section);
            number++;
        }

        if (reader.IsDamaged)
            exceptions.Add(partition, id, number, place: null, "damaged: there is no section to read");
    }

    internal async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        foreach (var table in tables)
            await table.WriteAsync(connection, transaction, cancellation);
    }

    private void AddSection(int partition, JournalId id, int number, ref int place, in JournalSection section)
    {
        var program = 0;
        foreach (var field in section)
        {
            if (!TryAddField(section.AccountId, field.Name, field.Value, ref program))
                exceptions.Add(partition, id, number, place: null, "a field of another layout: '" + (field.Name.IsEmpty ? "" : JournalValues.Text(field.Name[..1])) + "'");
        }

        for (var index = 0; index < section.Events.Length; index++, place++)
        {
            ref readonly var record = ref section.Events[index];
            if (IsPlausible(in record) && place <= ushort.MaxValue)
                AddEvent(section.AccountId, program, JournalValues.EventId(record.At, partition, id, place), in record);
            else
                exceptions.Add(partition, id, number, index, "an event of another layout");
        }
    }

    private static bool IsPlausible(in EventRecord record) =>
        Enum.IsDefined(record.Type) && record.Type != EventType.None && JournalValues.IsMoment(record.At) && record.PostedDelta != long.MinValue;

    private void AddEvent(Ulid accountId, int program, Ulid eventId, in EventRecord record)
    {
        if (record.Transaction != Ulid.None)
        {
            transactions.Add(accountId, in record);
            events.Add(eventId, in record);
        }

        if (record.PostedDelta != 0)
            entries.Add(accountId, program, eventId, in record);
        if (record.Type is EventType.CardAdded or EventType.CardStatusChanged)
            transitions.Add(eventId, in record);
        Events++;
    }

    // See AccountAggregate for the names of fields. Counters of chips, what was used of limits and the latest declines are only of use to the
    // ledger, and the journal has them.
    private bool TryAddField(Ulid accountId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref int program)
    {
        if (name.IsEmpty)
            return false;
        switch (name[0])
        {
            case (byte)'a' when TryRead(value, out AccountRecord account) && account.Layout == AccountAggregate.Layout && JournalValues.IsMoment(account.LastTime):
                program = account.Program;
                accounts.Put(accountId, in account);
                return true;
            case (byte)'b' when TryRead(value, out BalanceRecord balance):
                balances.Put(accountId, in balance);
                return true;
            case (byte)'c' when CardRecord.TryRead(value, out var card):
                cards.Put(accountId, in card);
                return true;
            case (byte)'l' when name.Length == 3 && value.Length == Unsafe.SizeOf<LimitRecord>():
                limits.Put(accountId, BinaryPrimitives.ReadUInt16BigEndian(name[1..]), value);
                return true;
            case (byte)'h' when name.Length == 17:
                return TryAddHold(accountId, BinaryPrimitives.ReadUInt128BigEndian(name[1..]), value);
            case (byte)'k':
                return name.Length == 3 && value.Length == Unsafe.SizeOf<ChipCounters>();
            case (byte)'u' or (byte)'d':
                return true;
            default:
                return false;
        }
    }

    // A hold that Redis let go is no change: what it last was is here already.
    private bool TryAddHold(Ulid accountId, UInt128 key, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return true;
        if (value.Length < Unsafe.SizeOf<HoldRecord>())
            return false;
        var record = MemoryMarshal.Read<HoldRecord>(value);
        if (!JournalValues.IsMoment(record.CreatedAt))
            return false;
        holds.Put(accountId, key, in record, value);
        return true;
    }

    private static bool TryRead<T>(ReadOnlySpan<byte> value, out T record)
        where T : unmanaged
    {
        record = default;
        return value.Length == Unsafe.SizeOf<T>() && MemoryMarshal.TryRead(value, out record);
    }
}
