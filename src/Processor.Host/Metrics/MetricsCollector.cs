using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Processor.Host;

/// <summary>Listens to the meters of this process from its start, and tells their figures in the Prometheus text format.</summary>
/// <remarks>Meters of one name add up: two hosts in one process, as in a test, tell common figures.</remarks>
internal sealed class MetricsCollector : IDisposable
{
    // Ours, and what tells of memory, garbage collection and connections.
    private static readonly string[] Meters = ["Processor.", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    // Upper bounds. Of seconds: from a tenth of a millisecond, around the 20 ms that an authorization may take, to the longest deadline.
    private static readonly double[] Seconds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly double[] Sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    private readonly ConcurrentDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MetricFamily> observed = new(StringComparer.Ordinal);
    private readonly Func<Instrument, bool> chooses;
    private readonly ILogger<MetricsCollector> log;
    private readonly Lock gate = new();
    private readonly MeterListener listener;

    public MetricsCollector(ILogger<MetricsCollector> log)
        : this(log, instrument => Meters.Any(meter => instrument.Meter.Name.StartsWith(meter, StringComparison.Ordinal)))
    {
    }

    /// <summary>As a test has it: with a choice of its own.</summary>
    internal MetricsCollector(ILogger<MetricsCollector> log, Func<Instrument, bool> chooses)
    {
        this.log = log;
        this.chooses = chooses;
        listener = new MeterListener { InstrumentPublished = Listen };
        listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => ((Feed)state!).Take(value, tags));
        listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => ((Feed)state!).Take(value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((Feed)state!).Take(value, tags));
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((Feed)state!).Take(value, tags));
        listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => ((Feed)state!).Take(value, tags));
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((Feed)state!).Take(value, tags));
        listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => ((Feed)state!).Take((double)value, tags));
        listener.Start();
    }

    public void Dispose() => listener.Dispose();

    /// <summary>All figures as they stand now, in the order of their names.</summary>
    internal string Read()
    {
        lock (gate)
        {
            foreach (var family in observed.Values)
                family.Clear();
            try
            {
                listener.RecordObservableInstruments();
            }
            catch (AggregateException problem)
            {
                HostLog.NotObserved(log, problem);
            }

            var text = new StringBuilder(16 * 1024);
            foreach (var family in families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
                MetricText.Write(text, family);
            MetricText.Write(text, Dropped());
            return text.ToString();
        }
    }

    private static MetricKind? KindOf(Type instrument)
    {
        if (instrument == typeof(Counter<>) || instrument == typeof(ObservableCounter<>))
            return MetricKind.Counter;
        if (instrument == typeof(Histogram<>))
            return MetricKind.Histogram;
        return instrument == typeof(UpDownCounter<>) || instrument == typeof(ObservableUpDownCounter<>)
            || instrument == typeof(Gauge<>) || instrument == typeof(ObservableGauge<>)
            ? MetricKind.Gauge
            : null;
    }

    private static double[]? BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        _ when instrument.Unit == "s" => Seconds,
        _ => Sizes,
    };

    private void Listen(Instrument instrument, MeterListener self)
    {
        var type = instrument.GetType();
        if (!chooses(instrument) || !type.IsGenericType || KindOf(type.GetGenericTypeDefinition()) is not { } kind)
            return;
        var name = MetricText.NameOf(instrument.Name, instrument.Unit, kind);
        var family = families.GetOrAdd(
            name, key => new MetricFamily(key, kind, instrument.Description ?? instrument.Name, kind == MetricKind.Histogram ? BoundsOf(instrument) : null));
        if (family.Kind != kind)
        {
            HostLog.MetricNameTaken(log, name);
            return;
        }

        if (instrument.IsObservable)
            observed.TryAdd(name, family);
        self.EnableMeasurementEvents(instrument, new Feed(family, type.GetGenericTypeDefinition() == typeof(Gauge<>)));
    }

    private MetricFamily Dropped()
    {
        var family = new MetricFamily("processor_metrics_dropped_total", MetricKind.Counter, "Measurements under more labels than one metric may have.", bounds: null);
        family.Record(families.Values.Sum(other => other.Dropped), [], isSet: true);
        return family;
    }

    /// <summary>The way from an instrument to its family.</summary>
    private sealed class Feed(MetricFamily family, bool isSet)
    {
        internal void Take(double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags) => family.Record(measurement, tags, isSet);
    }
}
