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
}
