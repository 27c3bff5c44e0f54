using Processor.Ledger;

namespace Processor.Records;

/// <summary>Journal entries as they were read from Postgres. Kept and used again; one thread at a time.</summary>
internal sealed class JournalRows
{
    private readonly ByteArena arena = new();
    private readonly List<JournalEntry> entries = [];

    /// <summary>In the order in which they were added; good until <see cref="Clear"/>.</summary>
    internal IReadOnlyList<JournalEntry> Entries => entries;

    /// <summary>Adds an entry, whose bytes the caller fills in.</summary>
    internal Memory<byte> Add(JournalId id, int length)
    {
        var payload = arena.Reserve(length);
        entries.Add(new JournalEntry(id, payload));
        return payload;
    }

    internal void Clear()
    {
        entries.Clear();
        arena.Clear();
    }
}
