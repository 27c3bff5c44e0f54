using Processor.Cards;
using Xunit;

namespace Processor.Ledger.Tests;

public sealed class HoldTableTests
{
    private const int Seed = 20261121;

    [Fact]
    public void A_table_finds_what_a_dictionary_finds_through_additions_removals_and_growth()
    {
        var random = new Random(Seed);
        var table = new HoldTable();
        var expected = new Dictionary<UInt128, long>();
        for (var step = 0; step < 50_000; step++)
        {
            // Few different low halves, so that buckets have chains.
            var key = new UInt128((ulong)random.Next(500), (ulong)random.Next(8));
            var slot = table.Find(key);
            Assert.True(expected.ContainsKey(key) == slot >= 0, $"step {step} of seed {Seed}");
            switch (random.Next(5))
            {
                case 0 or 1 when slot < 0:
                    table.Add(key, out _).Held = step;
                    expected.Add(key, step);
                    break;
                case 2 when slot >= 0:
                    table.Remove(slot);
                    expected.Remove(key);
                    break;
                case 3 when slot >= 0:
                    table.Change(slot).Held = step;
                    expected[key] = step;
                    break;
                case 4:
                    table.ClearMarks();
                    if (table.Find(key) >= 0)
                    {
                        table.Forget(key);
                        expected.Remove(key);
                    }

                    break;
                default:
                    break;
            }

            Assert.Equal(expected.Count, table.Count);
        }

        foreach (var (key, held) in expected)
            Assert.Equal(held, table.At(table.Find(key)).Held);
        Assert.Equal(expected.Count, Enumerable.Range(0, table.SlotCount).Count(table.IsLive));
    }

    [Fact]
    public void Every_hold_of_an_account_of_thousands_is_found_after_each_growth_and_each_removal()
    {
        const int Most = 2_500;
        var random = new Random(Seed);
        var table = new HoldTable();
        var keys = new List<UInt128>();
        for (var step = 0; keys.Count < Most; step++)
        {
            if (keys.Count > 0 && random.Next(4) == 0)
            {
                var index = random.Next(keys.Count);
                table.Remove(table.Find(keys[index]));
                table.ClearMarks();
                Assert.True(table.Find(keys[index]) < 0, $"step {step} of seed {Seed}");
                keys.RemoveAt(index);
            }
            else
            {
                var key = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64());
                table.Add(key, out _);
                table.ClearMarks();
                keys.Add(key);
            }

            // All of them where a table of twice as many slots has just been chained anew, or a slot was let go; else a few.
            var looked = step % 97 == 0 || int.PopCount(table.SlotCount - 1) == 1 ? keys : keys.TakeLast(4);
            foreach (var key in looked)
                Assert.True(table.Find(key) is >= 0 and var slot && table.KeyAt(slot) == key, $"step {step} of seed {Seed}");
        }
    }

    [Fact]
    public void An_original_is_found_as_by_a_search_of_all_holds_whether_they_are_committed_or_not()
    {
        var random = new Random(Seed);
        var table = new HoldTable();
        var found = 0;
        for (var step = 0; step < 20_000; step++)
        {
            var key = new UInt128(0, (ulong)random.Next(120));
            var slot = table.Find(key);
            if (slot < 0)
                NameAnew(random, ref table.Add(key, out _), step);
            else if (random.Next(3) == 0)
                table.Remove(slot);
            else if (random.Next(2) == 0)
                table.Change(slot).NetworkId = (ulong)random.Next(1, 40) << 32;
            if (random.Next(4) == 0)
                table.ClearMarks();

            var query = Query(random);
            var expected = Search(table, in query);
            var original = table.FindOriginal(in query);
            Assert.True(expected == (original < 0 ? null : table.KeyAt(original)), $"step {step} of seed {Seed}");
            found += original < 0 ? 0 : 1;
        }

        Assert.InRange(found, 5_000, 19_000);
    }

    private static void NameAnew(Random random, ref HoldRecord hold, int step)
    {
        hold.Class = MessageClass.Authorization;
        hold.State = random.Next(5) == 0 ? HoldState.Tombstone : HoldState.Open;
        hold.CreatedAt = step / 3;
        hold.Stan = (uint)random.Next(1, 40);
        hold.Transmission = (uint)random.Next(1, 3);
        hold.NetworkId = (ulong)random.Next(40) << 32;
        hold.RetrievalReference = Reference(random);
    }

    private static OriginalQuery Query(Random random) => new()
    {
        Stan = (uint)random.Next(60) * (uint)random.Next(2),
        Transmission = (uint)random.Next(3),
        NetworkId = (ulong)random.Next(60) << 32,
        RetrievalReference = Reference(random),
    };

    private static Ascii12 Reference(Random random)
    {
        var reference = default(Ascii12);
        random.Next(60).TryFormat((Span<byte>)reference, out _);
        return reference;
    }

    // As the query's remarks say it: by DE 90 the latest, then by the network's id, then by reference what has precedence.
    private static UInt128? Search(HoldTable table, in OriginalQuery query)
    {
        var (asked, live) = (query, Enumerable.Range(0, table.SlotCount).Where(table.IsLive).ToList());
        return Latest(live.Where(slot => asked.MatchesElements(in table.At(slot))), _ => 0)
            ?? Latest(live.Where(slot => asked.MatchesNetworkId(in table.At(slot))), Precedence)
            ?? Latest(live.Where(slot => asked.MatchesReference(in table.At(slot))), Precedence);

        int Precedence(int slot) => OriginalQuery.Precedence(in table.At(slot));
        UInt128? Latest(IEnumerable<int> slots, Func<int, int> rank) => slots
            .OrderByDescending(rank).ThenByDescending(slot => table.At(slot).CreatedAt).ThenByDescending(table.KeyAt)
            .Select(slot => (UInt128?)table.KeyAt(slot)).FirstOrDefault();
    }
}
