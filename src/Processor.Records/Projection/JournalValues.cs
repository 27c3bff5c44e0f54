using System.Text;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>How values of the journal become values of Postgres. Nothing here throws: what the journal has is checked before.</summary>
internal static class JournalValues
{
    // 9999-12-31T23:59:59.999Z
    private const long MomentMax = 253_402_300_799_999;

    /// <summary>True for Unix milliseconds that are a moment.</summary>
    internal static bool IsMoment(long milliseconds) => milliseconds is > 0 and <= MomentMax;

    /// <summary>The moment of Unix milliseconds that <see cref="IsMoment"/>.</summary>
    internal static DateTime Moment(long milliseconds) => DateTime.UnixEpoch.AddMilliseconds(milliseconds);

    /// <summary>The moment, or null for none or never.</summary>
    internal static DateTime? MomentOrNull(long milliseconds) => IsMoment(milliseconds) ? Moment(milliseconds) : null;

    internal static Guid? IdOrNull(Ulid id) => id == Ulid.None ? null : id.ToGuid();

    internal static Guid Key(UInt128 key) => new Ulid(key).ToGuid();

    /// <summary>Text of a message element without padding; null when it was absent. A byte that is not printable ASCII becomes a question mark.</summary>
    internal static string? Text(ReadOnlySpan<byte> bytes)
    {
        bytes = Trim(bytes);
        if (bytes.IsEmpty)
            return null;
        Span<byte> clean = stackalloc byte[bytes.Length];
        Clean(bytes, clean);
        return Encoding.ASCII.GetString(clean);
    }

    /// <summary>A message element without its padding.</summary>
    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> bytes) => bytes.Trim(" \0"u8);

    /// <summary>Copies text; a byte that is not printable ASCII becomes a question mark.</summary>
    internal static void Clean(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        for (var index = 0; index < bytes.Length; index++)
            target[index] = bytes[index] is >= 0x20 and < 0x7F ? bytes[index] : (byte)'?';
    }

    /// <summary>An event's identifier: the same whenever it is projected, and in the order of the journal within an account.</summary>
    /// <remarks>Unix milliseconds(48) partition(10) epoch(14) sequence(40) place in the entry(16).</remarks>
    internal static Ulid EventId(long at, int partition, JournalId id, int place)
    {
        var tail = ((UInt128)(uint)(partition & 0x3FF) << 70)
            | ((UInt128)(ulong)(id.Epoch & 0x3FFF) << 56)
            | ((UInt128)(ulong)(id.Sequence & 0xFF_FFFF_FFFF) << 16)
            | (ushort)place;
        return new Ulid(((UInt128)(ulong)at << 80) | tail);
    }
}
