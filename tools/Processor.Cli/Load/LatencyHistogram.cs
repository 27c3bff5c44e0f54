using System.Numerics;

namespace Processor.Cli.Load;

/// <summary>
/// Counts latencies from 0 to half an hour in buckets that grow with the value, so that each percentile is at most
/// 0.4 % above the exact one. Recording allocates nothing. Not for several threads at once.
/// </summary>
internal sealed class LatencyHistogram
{
    // Values below 512 ns have a bucket each; above, every doubling is cut into 256 buckets of equal width.
    private const int DetailBits = 8;
    private const int Detail = 1 << DetailBits;
    private const int ValueBits = 41;
    private const long ValueMax = (1L << ValueBits) - 1;

    private readonly long[] counts = new long[(ValueBits - DetailBits + 1) * Detail];

    /// <summary>How many have been recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exactly, in nanoseconds; 0 when there is none.</summary>
    public long Max { get; private set; }

    /// <summary>Counts one latency, in nanoseconds. What is below 0 counts as 0, what is above half an hour as that.</summary>
    public void Record(long nanoseconds)
    {
        long value = Math.Clamp(nanoseconds, 0, ValueMax);
        counts[IndexOf(value)]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    /// <summary>The latency that so many percent do not exceed, in nanoseconds, never below the exact one; 0 when there is none.</summary>
    /// <param name="percent">From 0 to 100.</param>
    public long Percentile(double percent)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(percent / 100 * Count));
        long seen = 0;
        for (int index = 0; index < counts.Length; index++)
        {
            seen += counts[index];
            if (seen >= rank)
                return Math.Min(HighestOf(index), Max);
        }

        return 0;
    }

    /// <summary>Adds what another has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int index = 0; index < counts.Length; index++)
            counts[index] += other.counts[index];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    /// <summary>What this one has counted since an earlier copy of it. Its greatest value is known to a bucket.</summary>
    public LatencyHistogram Since(LatencyHistogram earlier)
    {
        var difference = new LatencyHistogram();
        for (int index = 0; index < counts.Length; index++)
        {
            long count = counts[index] - earlier.counts[index];
            difference.counts[index] = count;
            difference.Count += count;
            if (count > 0)
                difference.Max = Math.Min(HighestOf(index), Max);
        }

        return difference;
    }

    private static int IndexOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - DetailBits);
        return (shift * Detail) + (int)(value >> shift);
    }

    private static long HighestOf(int index)
    {
        int shift = Math.Max(0, (index / Detail) - 1);
        long top = index - (shift * Detail);
        return ((top + 1) << shift) - 1;
    }
}
