using Processor.Cli.Load;
using Processor.Testing;

namespace Processor.Cli.Tests;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Percents = [0, 1, 25, 50, 75, 90, 99, 99.9, 99.99, 100];

    [Fact]
    public void A_percentile_is_at_most_four_thousandths_above_the_exact_one()
    {
        Seeds.Run(20260301, dice =>
        {
            long[] values = [.. Enumerable.Range(0, 100_000).Select(_ => (long)Math.Pow(2, dice.NextDouble() * 40))];
            var histogram = new LatencyHistogram();
            foreach (long value in values)
                histogram.Record(value);

            Array.Sort(values);

            foreach (double percent in Percents)
            {
                int rank = Math.Max(1, (int)Math.Ceiling(percent / 100 * values.Length));
                Assert.InRange(histogram.Percentile(percent), values[rank - 1], values[rank - 1] * 1.004);
            }
        });
    }

    [Fact]
    public void Small_values_and_the_greatest_are_exact()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(0);
        histogram.Record(511);
        histogram.Record(123_456_789);

        Assert.Equal(0, histogram.Percentile(0));
        Assert.Equal(511, histogram.Percentile(50));
        Assert.Equal(123_456_789, histogram.Percentile(100));
        Assert.Equal(123_456_789, histogram.Max);
        Assert.Equal(3, histogram.Count);
    }

    [Fact]
    public void What_is_out_of_range_counts_at_its_edge()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-5);
        histogram.Record(long.MaxValue);

        Assert.Equal(0, histogram.Percentile(50));
        Assert.Equal((1L << 41) - 1, histogram.Percentile(100));
        Assert.Equal(0, new LatencyHistogram().Percentile(99));
    }

    [Fact]
    public void Two_parts_add_up_to_the_whole_and_a_part_can_be_taken_off()
    {
        var first = new LatencyHistogram();
        var second = new LatencyHistogram();
        foreach (long value in Enumerable.Range(1, 100))
        {
            first.Record(value);
            second.Record(value + 100);
        }

        var whole = new LatencyHistogram();
        whole.Add(first);
        whole.Add(second);
        var rest = whole.Since(first);

        Assert.Equal(100, whole.Percentile(50));
        Assert.Equal(100, rest.Count);
        Assert.Equal(150, rest.Percentile(50));
        Assert.Equal(200, rest.Max);
    }
}
