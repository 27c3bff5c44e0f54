using System.Collections.Concurrent;

namespace Processor.Host;

/// <summary>A metric with all its series. Recording under tags that were seen before allocates nothing and takes no lock.</summary>
/// <param name="name">As Prometheus has it.</param>
/// <param name="kind">Counter, gauge or histogram.</param>
/// <param name="help">What it is, for a person.</param>
/// <param name="bounds">Upper bounds of a histogram's buckets, ascending; null for others.</param>
internal sealed class MetricFamily(string name, MetricKind kind, string help, double[]? bounds)
{
    /// <summary>Series of one metric. A tag with more values than this is no tag but an identifier, and is not counted.</summary>
    internal const int SeriesMax = 2_000;

    private readonly ConcurrentDictionary<KeyValuePair<string, object?>[], MetricSeries> byTags = new(MetricTags.Comparer);
    private readonly SortedDictionary<string, MetricSeries> byLabels = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private long dropped;

    internal string Name { get; } = name;

    internal MetricKind Kind { get; } = kind;

    internal string Help { get; } = help;

    /// <summary>Upper bounds of the buckets; empty when it is no histogram.</summary>
    internal ReadOnlySpan<double> Bounds => bounds;

    /// <summary>Measurements that came in when there were <see cref="SeriesMax"/> series already.</summary>
    internal long Dropped => Interlocked.Read(ref dropped);

    internal void Record(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, bool isSet)
    {
        if (!byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>().TryGetValue(tags, out var series)
            && (series = AddSeries(tags)) is null)
        {
            Interlocked.Increment(ref dropped);
            return;
        }

        if (Kind == MetricKind.Histogram)
            series.Count(measurement);
        else if (isSet)
            series.Set(measurement);
        else
            series.Add(measurement);
    }

    /// <summary>Forgets all figures: those of an observed instrument are told anew each time.</summary>
    internal void Clear()
    {
        lock (gate)
        {
            byTags.Clear();
            byLabels.Clear();
        }
    }

    /// <summary>The series in the order of their labels.</summary>
    internal MetricSeries[] List()
    {
        lock (gate)
            return [.. byLabels.Values];
    }

    // Tags in another order are the same labels.
    private MetricSeries? AddSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (gate)
        {
            var key = tags.ToArray();
            var labels = MetricText.Labels(key);
            if (!byLabels.TryGetValue(labels, out var series))
            {
                if (byLabels.Count >= SeriesMax)
                    return null;
                series = byLabels[labels] = new MetricSeries(labels, bounds);
            }

            byTags.TryAdd(key, series);
            return series;
        }
    }
}
