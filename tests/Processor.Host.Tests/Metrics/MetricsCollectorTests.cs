using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Testing;
using Xunit;

namespace Processor.Host.Tests;

/// <summary>Every test has a meter of its own, and a collector that listens to that one.</summary>
public sealed class MetricsCollectorTests : IDisposable
{
    private readonly Meter meter = new("Processor.Test");
    private readonly MetricsCollector collector;

    public MetricsCollectorTests() => collector = new(NullLogger<MetricsCollector>.Instance, instrument => ReferenceEquals(instrument.Meter, meter));

    public void Dispose()
    {
        collector.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void A_counter_is_told_by_its_labels_in_one_order()
    {
        var requests = meter.CreateCounter<long>("processor.test.requests", "{request}", "What came in.");

        requests.Add(2, new("outcome", "approved"), new KeyValuePair<string, object?>("class", "financial"));
        requests.Add(3, new("class", "financial"), new KeyValuePair<string, object?>("outcome", "approved"));
        requests.Add(1, new("class", "financial"), new KeyValuePair<string, object?>("outcome", "declined"));

        Assert.StartsWith(
            """
            # HELP processor_test_requests_total What came in.
            # TYPE processor_test_requests_total counter
            processor_test_requests_total{class="financial",outcome="approved"} 5
            processor_test_requests_total{class="financial",outcome="declined"} 1

            """,
            collector.Read(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Each_bucket_of_a_histogram_holds_those_before_it()
    {
        var latency = meter.CreateHistogram("processor.test.latency", "s", "Time.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.1] });

        foreach (var seconds in new[] { 0.005, 0.01, 0.02, 5 })
            latency.Record(seconds);

        var samples = PrometheusText.Parse(collector.Read());
        Assert.Equal(2, samples["processor_test_latency_seconds_bucket{le=\"0.01\"}"]);
        Assert.Equal(3, samples["processor_test_latency_seconds_bucket{le=\"0.1\"}"]);
        Assert.Equal(4, samples["processor_test_latency_seconds_bucket{le=\"+Inf\"}"]);
        Assert.Equal(4, samples["processor_test_latency_seconds_count"]);
        Assert.Equal(5.035, samples["processor_test_latency_seconds_sum"], precision: 9);
    }

    [Fact]
    public void What_is_observed_no_more_is_not_told_again()
    {
        int[] partitions = [1, 2];
        meter.CreateObservableGauge(
            "processor.test.lag", () => partitions.Select(partition => new Measurement<double>(partition / 2.0, new KeyValuePair<string, object?>("partition", partition))), "s");

        var before = PrometheusText.Parse(collector.Read());
        partitions = [2];
        var after = PrometheusText.Parse(collector.Read());

        Assert.Equal((0.5, 1), (before["processor_test_lag_seconds{partition=\"1\"}"], before["processor_test_lag_seconds{partition=\"2\"}"]));
        Assert.False(after.ContainsKey("processor_test_lag_seconds{partition=\"1\"}"));
        Assert.Equal(1, after["processor_test_lag_seconds{partition=\"2\"}"]);
    }

    [Fact]
    public void A_gauge_is_what_it_was_set_to_last_and_an_up_down_counter_what_is_left()
    {
        var level = meter.CreateGauge<int>("processor.test.level");
        var open = meter.CreateUpDownCounter<int>("processor.test.open");

        level.Record(7);
        level.Record(4);
        open.Add(3);
        open.Add(-1);

        var samples = PrometheusText.Parse(collector.Read());
        Assert.Equal((4, 2), (samples["processor_test_level"], samples["processor_test_open"]));
    }

    [Fact]
    public void Labels_and_help_are_escaped()
    {
        var counter = meter.CreateCounter<int>("processor.test.odd", null, "Two\nlines and a \\.");

        counter.Add(1, new KeyValuePair<string, object?>("what.is", "a \"quote\", a \\ and\na line"));

        var text = collector.Read();
        Assert.Contains("# HELP processor_test_odd_total Two\\nlines and a \\\\.\n", text, StringComparison.Ordinal);
        Assert.Contains("processor_test_odd_total{what_is=\"a \\\"quote\\\", a \\\\ and\\na line\"} 1\n", text, StringComparison.Ordinal);
        Assert.Equal(2, PrometheusText.Parse(text).Count);
    }

    [Fact]
    public void A_tag_with_too_many_values_is_cut_off_and_said()
    {
        var counter = meter.CreateCounter<int>("processor.test.many");

        for (var index = 0; index < MetricFamily.SeriesMax + 5; index++)
            counter.Add(1, new KeyValuePair<string, object?>("id", index));

        var samples = PrometheusText.Parse(collector.Read());
        Assert.Equal(MetricFamily.SeriesMax + 1, samples.Count);
        Assert.Equal(5, samples["processor_metrics_dropped_total"]);
    }

    [Fact]
    public void An_instrument_that_cannot_be_read_hides_no_other()
    {
        meter.CreateObservableGauge("processor.test.broken", int () => throw new InvalidOperationException("The gauge is broken."));
        meter.CreateObservableGauge("processor.test.sound", () => 5);

        Assert.Equal(5, PrometheusText.Parse(collector.Read())["processor_test_sound"]);
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_record_at_once()
    {
        const int Threads = 4;
        const int Each = 50_000;
        var counter = meter.CreateCounter<long>("processor.test.hits");
        var sizes = meter.CreateHistogram<int>("processor.test.sizes");

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var index = 0; index < Each; index++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("class", "financial"));
                sizes.Record(index % 8);
            }
        })));

        var samples = PrometheusText.Parse(collector.Read());
        Assert.Equal(Threads * Each, samples["processor_test_hits_total{class=\"financial\"}"]);
        Assert.Equal(Threads * Each, samples["processor_test_sizes_count"]);
        Assert.Equal(Threads * Each * 3.5, samples["processor_test_sizes_sum"]);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var counter = meter.CreateCounter<long>("processor.test.requests");
        var latency = meter.CreateHistogram<double>("processor.test.latency", "s");
        KeyValuePair<string, object?>[] tags = [new("class", "financial"), new("outcome", "approved")];

        Assert.Equal(0, Allocation.LeastBytes(() =>
        {
            for (var index = 0; index < 10_000; index++)
            {
                counter.Add(1, tags);
                latency.Record(index / 1e6, tags);
            }
        }));
    }
}
