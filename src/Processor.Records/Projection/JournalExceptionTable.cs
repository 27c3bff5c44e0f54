using Processor.Ledger;

namespace Processor.Records;

/// <summary>What could not be projected, and why.</summary>
internal sealed class JournalExceptionTable : UnnestedTable
{
    private const string InsertSql = """
        insert into journal_exception (partition, epoch, seq, section, event, reason)
        select * from unnest(@Partitions, @Epochs, @Seqs, @Sections, @Events, @Reasons)
        """;

    public List<short> Partitions { get; } = [];

    public List<long> Epochs { get; } = [];

    public List<long> Seqs { get; } = [];

    public List<int?> Sections { get; } = [];

    public List<int?> Events { get; } = [];

    public List<string> Reasons { get; } = [];

    internal override int Count => Reasons.Count;

    private protected override string Sql => InsertSql;

    /// <param name="partition">The partition.</param>
    /// <param name="id">The entry.</param>
    /// <param name="section">From 0 within the entry; null for all of it.</param>
    /// <param name="place">The event, from 0 within the section; null for none or all.</param>
    /// <param name="reason">Why, without any value of the entry.</param>
    internal void Add(int partition, JournalId id, int? section, int? place, string reason)
    {
        Partitions.Add((short)partition);
        Epochs.Add(id.Epoch);
        Seqs.Add(id.Sequence);
        Sections.Add(section);
        Events.Add(place);
        Reasons.Add(reason);
    }

    internal override void Clear()
    {
        Partitions.Clear();
        Epochs.Clear();
        Seqs.Clear();
        Sections.Clear();
        Events.Clear();
        Reasons.Clear();
    }
}
