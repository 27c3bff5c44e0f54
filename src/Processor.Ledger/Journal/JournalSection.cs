using System.Buffers.Binary;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>What one batch did to one account: the fields as they are afterwards, and the events in order.</summary>
public readonly ref struct JournalSection
{
    private readonly ReadOnlySpan<byte> fields;

    internal JournalSection(Ulid accountId, ulong version, ReadOnlySpan<byte> fields, ReadOnlySpan<EventRecord> events)
    {
        AccountId = accountId;
        Version = version;
        this.fields = fields;
        Events = events;
    }

    /// <summary>The account.</summary>
    public Ulid AccountId { get; }

    /// <summary>The account's version after the batch.</summary>
    public ulong Version { get; }

    /// <summary>The events in the order in which they were decided.</summary>
    public ReadOnlySpan<EventRecord> Events { get; }

    /// <summary>Walks the changed fields.</summary>
    public FieldEnumerator GetEnumerator() => new(fields);

    /// <summary>One changed field; an empty value means that it was removed.</summary>
    public readonly ref struct Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        /// <summary>Its name, as in Redis.</summary>
        public ReadOnlySpan<byte> Name { get; } = name;

        /// <summary>Its value after the batch.</summary>
        public ReadOnlySpan<byte> Value { get; } = value;

        /// <summary>True when this is the field of a hold, and then its request key.</summary>
        public bool TryGetHoldKey(out UInt128 key)
        {
            key = default;
            if (Name.Length != 17 || Name[0] != (byte)'h')
                return false;
            key = BinaryPrimitives.ReadUInt128BigEndian(Name[1..]);
            return true;
        }
    }

    /// <summary>Walks the fields of a section.</summary>
    public ref struct FieldEnumerator
    {
        private ReadOnlySpan<byte> rest;

        internal FieldEnumerator(ReadOnlySpan<byte> fields)
        {
            rest = fields;
            Current = default;
        }

        /// <summary>The field at hand.</summary>
        public Field Current { get; private set; }

        /// <summary>Goes to the next field.</summary>
        public bool MoveNext()
        {
            if (rest.IsEmpty)
                return false;
            int name = rest[0];
            int value = BinaryPrimitives.ReadUInt16LittleEndian(rest[(1 + name)..]);
            Current = new Field(rest.Slice(1, name), rest.Slice(3 + name, value));
            rest = rest[(3 + name + value)..];
            return true;
        }
    }
}
