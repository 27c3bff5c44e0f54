using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Processor.Cards;

namespace Processor.Ledger;

/// <summary>Reads one journal entry: the sections of a batch, one for each account that it changed.</summary>
/// <remarks>
/// Section: length(u32, itself included) account(16) version(u64) fields(u16) events(u16), then the fields, then the events.
/// Field: name length(u8) name value length(u16) value; an empty value means that the field was removed.
/// Event: <see cref="EventRecord"/> as it stands in memory. Numbers are little-endian, the account's identifier highest byte first.
/// </remarks>
public ref struct JournalReader
{
    /// <summary>Bytes of a section before its fields.</summary>
    internal const int SectionHeaderLength = 4 + Ulid.ByteLength + 8 + 2 + 2;

    private ReadOnlySpan<byte> rest;

    /// <summary>Reads from the payload of a stream entry or of a <c>journal</c> row.</summary>
    public JournalReader(ReadOnlySpan<byte> payload) => rest = payload;

    /// <summary>True when bytes were left over that are no section.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Reads the next section.</summary>
    /// <returns>False at the end, or when what follows is damaged: see <see cref="IsDamaged"/>.</returns>
    public bool TryRead(out JournalSection section)
    {
        section = default;
        if (rest.IsEmpty || IsDamaged)
            return false;
        IsDamaged = true;
        if (rest.Length < SectionHeaderLength)
            return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (length < SectionHeaderLength || length > (uint)rest.Length)
            return false;
        var bytes = rest[..(int)length];
        var fieldCount = BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]);
        var eventCount = BinaryPrimitives.ReadUInt16LittleEndian(bytes[30..]);
        var offset = SectionHeaderLength;
        for (var index = 0; index < fieldCount; index++)
        {
            if (!TrySkipField(bytes, ref offset))
                return false;
        }

        if (!TryReadEvents(bytes[offset..], eventCount, out var events))
            return false;
        section = new JournalSection(
            Ulid.Read(bytes[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[20..]),
            bytes[SectionHeaderLength..offset],
            events);
        rest = rest[(int)length..];
        IsDamaged = false;
        return true;
    }

    /// <summary>Events as they stand; those of the first layout, which ended before the checks, are copied.</summary>
    private static bool TryReadEvents(ReadOnlySpan<byte> bytes, int count, out ReadOnlySpan<EventRecord> events)
    {
        var size = Unsafe.SizeOf<EventRecord>();
        var sizeFirst = size - Unsafe.SizeOf<CredentialChecks>();
        events = default;
        if (bytes.Length == count * size)
        {
            events = MemoryMarshal.Cast<byte, EventRecord>(bytes);
            return true;
        }

        if (bytes.Length != count * sizeFirst)
            return false;
        var copies = new EventRecord[count];
        for (var index = 0; index < count; index++)
            bytes.Slice(index * sizeFirst, sizeFirst).CopyTo(MemoryMarshal.AsBytes(copies.AsSpan(index, 1)));
        events = copies;
        return true;
    }

    internal static bool TrySkipField(ReadOnlySpan<byte> bytes, ref int offset)
    {
        if (offset >= bytes.Length)
            return false;
        var value = offset + 1 + bytes[offset];
        if (value + 2 > bytes.Length)
            return false;
        offset = value + 2 + BinaryPrimitives.ReadUInt16LittleEndian(bytes[value..]);
        return offset <= bytes.Length;
    }
}
