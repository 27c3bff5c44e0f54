using Xunit;

namespace Processor.Ledger.Tests;

public sealed class PinnedStockTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 4)]
    [InlineData(7, 128)]
    public void An_array_has_the_length_that_was_asked_for(int bits, int length) => Assert.Equal(length, PinnedStock<long>.Take(bits).Length);

    [Fact]
    public async Task No_two_takers_get_the_same_array_and_none_an_old_one()
    {
        const int Takers = 4;
        const int Each = 2_000;

        var taken = await Task.WhenAll(Enumerable.Range(1, Takers).Select(taker => Task.Run(() =>
        {
            var mine = new List<long[]>();
            for (var index = 0; index < Each; index++)
            {
                var array = PinnedStock<long>.Take(2);
                Assert.Equal([0, 0, 0, 0], array);
                array.AsSpan().Fill(taker);
                mine.Add(array);
            }

            return mine;
        })));

        Assert.Equal(Takers * Each, taken.SelectMany(mine => mine).Distinct(ReferenceEqualityComparer.Instance).Count());
        for (var taker = 0; taker < Takers; taker++)
            Assert.All(taken[taker], array => Assert.All(array, value => Assert.Equal(taker + 1, value)));
    }
}
