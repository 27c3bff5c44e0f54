using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>What a host keeps of the journal in its memory.</summary>
public sealed class RetainedJournalTests
{
    private const int ChunkLength = 1 << 20;

    private readonly RetainedJournal retained = new();

    [Fact]
    public void Entries_are_read_in_order_right_behind_a_position_and_no_more_than_are_wanted()
    {
        Add(1, 0, 1, 2, 3);

        Assert.Equal([1, 2], SequencesOf(retained.Read(new JournalId(1, 0), 2)));
        Assert.Equal([3], SequencesOf(retained.Read(new JournalId(1, 2), 2)));
        Assert.Empty(retained.Read(new JournalId(1, 3), 2));
        Assert.Equal([0, 1, 2, 3], SequencesOf(retained.Copy()));
    }

    [Fact]
    public void Nothing_is_read_across_what_another_host_has_written()
    {
        Add(1, 0, 1, 4, 5);

        Assert.Equal([0, 1], SequencesOf(retained.Read(JournalId.Zero, 10)));
        Assert.Empty(retained.Read(new JournalId(1, 2), 10));
        Assert.Equal([4, 5], SequencesOf(retained.Read(new JournalId(1, 3), 10)));
    }

    [Fact]
    public void An_epoch_begins_behind_the_one_before()
    {
        Add(1, 8);
        Add(2, 0, 1);

        Assert.Equal([8, 0, 1], SequencesOf(retained.Read(new JournalId(1, 7), 10)));
    }

    [Fact]
    public void What_is_recorded_is_let_go_and_its_bytes_are_not_counted()
    {
        Add(1, 0, 1, 2);
        Assert.Equal(3 * Payload(0).Length, retained.Bytes);

        retained.TrimTo(new JournalId(1, 1));
        Assert.Equal([2], SequencesOf(retained.Copy()));
        Assert.Equal(Payload(2).Length, retained.Bytes);

        retained.Clear();
        Assert.Empty(retained.Copy());
        Assert.Equal(0, retained.Bytes);
    }

    [Fact]
    public void Memory_is_used_again_and_nothing_that_is_kept_is_written_over() => Seeds.Run(20261201, random =>
    {
        var kept = new Queue<(JournalId Id, byte[] Payload)>();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var (added, own) = (0L, 0L);
        for (var sequence = 0; sequence < 4_000; sequence++)
        {
            // Most are small; some need a chunk of their own.
            var payload = new byte[random.Next(200) == 0 ? ChunkLength + random.Next(1_000) : random.Next(1, 20_000)];
            random.NextBytes(payload);
            own += payload.Length * (payload.Length > ChunkLength ? 2 : 1);
            added += payload.Length;
            retained.Add(new JournalId(1, sequence), payload);
            kept.Enqueue((new JournalId(1, sequence), payload));
            if (random.Next(100) != 0)
                continue;
            var recorded = new JournalId(1, sequence - random.Next(kept.Count + 1));
            retained.TrimTo(recorded);
            while (kept.TryPeek(out var first) && first.Id <= recorded)
                kept.Dequeue();
            foreach (var ((id, expected), entry) in kept.Zip(retained.Read(recorded, int.MaxValue)))
                Assert.True(id == entry.Id && expected.AsSpan().SequenceEqual(entry.Payload.Span), $"{id} is not what it was.");
            Assert.Equal(kept.Sum(entry => (long)entry.Payload.Length), retained.Bytes);
        }

        // What the test has made itself is not counted, nor what is larger than a chunk.
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated - own;
        Assert.True(allocated < added / 2, $"{allocated} bytes for {added} bytes of entries.");
    });

    private void Add(long epoch, params ReadOnlySpan<int> sequences)
    {
        foreach (var sequence in sequences)
            retained.Add(new JournalId(epoch, sequence), Payload(sequence));
    }

    private static byte[] Payload(int sequence) => [(byte)sequence, 1, 2, 3];

    private static IEnumerable<long> SequencesOf(IEnumerable<JournalEntry> entries) => entries.Select(entry =>
    {
        Assert.Equal(Payload((int)entry.Id.Sequence), entry.Payload.ToArray());
        return entry.Id.Sequence;
    });
}
