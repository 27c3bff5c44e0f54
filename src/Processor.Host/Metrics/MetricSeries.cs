namespace Processor.Host;

/// <summary>One line of a metric, or the buckets of one histogram: the figures under one set of labels. Recording allocates nothing.</summary>
internal sealed class MetricSeries(string labels, double[]? bounds)
{
    // One more than there are bounds: the last one takes what is above all of them.
    private readonly long[] counts = bounds is null ? [] : new long[bounds.Length + 1];
    private double value;

    /// <summary><c>class="financial",outcome="approved"</c>, escaped and sorted; empty for none.</summary>
    internal string Labels { get; } = labels;

    /// <summary>The figure; for a histogram the sum of what was recorded.</summary>
    internal double Value => Volatile.Read(ref value);

    internal void Set(double figure) => Volatile.Write(ref value, figure);

    internal void Add(double figure)
    {
        var seen = Volatile.Read(ref value);
        while (true)
        {
            var now = Interlocked.CompareExchange(ref value, seen + figure, seen);
            if (now.Equals(seen))
                return;
            seen = now;
        }
    }

    /// <summary>Counts a measurement of a histogram: bucket <c>i</c> is of those that are at most <c>bounds[i]</c>.</summary>
    internal void Count(double measurement)
    {
        var index = Array.BinarySearch(bounds!, measurement);
        Interlocked.Increment(ref counts[index < 0 ? ~index : index]);
        Add(measurement);
    }

    /// <summary>How many measurements fell in a bucket and in none before it.</summary>
    internal long CountOf(int bucket) => Interlocked.Read(ref counts[bucket]);
}
