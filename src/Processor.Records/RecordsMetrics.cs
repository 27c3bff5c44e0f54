using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Processor.Records;

/// <summary>Figures of the records on this host: meter <c>Processor.Records</c>.</summary>
public sealed class RecordsMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Processor.Records";

    private readonly Meter meter = new(MeterName);
    private readonly ConcurrentDictionary<int, DateTimeOffset> recordedThrough = new();
    private readonly ConcurrentDictionary<int, DateTimeOffset> projectedThrough = new();
    private readonly ConcurrentDictionary<int, bool> stopped = new();

    /// <summary>Makes the instruments.</summary>
    public RecordsMetrics(TimeProvider clock)
    {
        meter.CreateObservableGauge(
            "processor_journal_lag_seconds", () => Lags(recordedThrough, clock), "s", "Age of the moment through which this host has recorded a partition's journal.");
        meter.CreateObservableGauge(
            "processor_projection_lag_seconds", () => Lags(projectedThrough, clock), "s", "Age of the moment through which this host has projected a partition.");
        meter.CreateObservableGauge(
            "processor_journal_partitions_stopped", () => stopped.Count, description: "Partitions that are not recorded any more because entries were lost.");
        Entries = meter.CreateCounter<long>("processor_journal_entries_recorded", description: "Journal entries recorded.");
        Events = meter.CreateCounter<long>("processor_journal_events_projected", description: "Events projected.");
        Exceptions = meter.CreateCounter<long>("processor_journal_exceptions", description: "Parts of the journal that could not be projected.");

        // A figure that was never recorded is not told at all, and nobody could watch it rise from nothing.
        foreach (var counter in new[] { Entries, Events, Exceptions })
            counter.Add(0);
    }

    /// <summary>The moment through which each partition was recorded, by its number; none of those that another host has.</summary>
    internal IReadOnlyDictionary<int, DateTimeOffset> RecordedThrough => recordedThrough;

    internal Counter<long> Entries { get; }

    internal Counter<long> Events { get; }

    internal Counter<long> Exceptions { get; }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal void Recorded(int partition, DateTimeOffset through) => recordedThrough[partition] = through;

    internal void Projected(int partition, DateTimeOffset through) => projectedThrough[partition] = through;

    internal void Stopped(int partition) => stopped[partition] = true;

    internal void GoesOn(int partition) => stopped.TryRemove(partition, out _);

    /// <summary>How far the partition is behind that is furthest behind.</summary>
    internal TimeSpan ProjectionLag(TimeProvider clock) =>
        projectedThrough.IsEmpty ? TimeSpan.Zero : clock.GetUtcNow() - projectedThrough.Values.Min();

    internal void ForgetRecorded(int partition) => recordedThrough.TryRemove(partition, out _);

    internal void ForgetProjected(int partition) => projectedThrough.TryRemove(partition, out _);

    private static IEnumerable<Measurement<double>> Lags(ConcurrentDictionary<int, DateTimeOffset> through, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        foreach (var (partition, moment) in through)
            yield return new(Math.Max(0, (now - moment).TotalSeconds), new KeyValuePair<string, object?>("partition", partition));
    }
}
