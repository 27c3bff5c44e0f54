using System.Diagnostics.Metrics;

namespace Processor.Ledger;

/// <summary>Figures of the ledger on this host: meter <c>Processor.Ledger</c>.</summary>
internal sealed class LedgerMetrics : IDisposable
{
    private readonly Meter meter = new("Processor.Ledger");

    internal LedgerMetrics(Func<LedgerGauges> gauges, Func<IEnumerable<Measurement<long>>> epochs, Func<IEnumerable<Measurement<long>>> journalBytes)
    {
        Operations = meter.CreateCounter<long>("processor_ledger_operations", description: "Operations committed.");
        Batches = meter.CreateHistogram<int>("processor_ledger_batch_size", description: "Operations of one script call.");
        CallSeconds = meter.CreateHistogram<double>("processor_ledger_call_seconds", "s", "Time of one script call until its outcome was known.");
        Conflicts = meter.CreateCounter<long>("processor_ledger_conflicts", description: "Accounts of batches that another host had changed first.");
        Claims = meter.CreateCounter<long>("processor_ledger_claims", description: "Accounts of batches that waited because another host had a claim on them.");
        Resends = meter.CreateCounter<long>("processor_ledger_resends", description: "Script calls sent again because their outcome was not known.");
        Loads = meter.CreateCounter<long>("processor_ledger_loads", description: "Accounts loaded from Redis.");
        Histories = meter.CreateCounter<long>("processor_ledger_histories", description: "Operations that asked Postgres for history.");

        // A figure that was never recorded is not told at all, and nobody could watch it rise from nothing.
        foreach (var counter in new[] { Operations, Conflicts, Claims, Resends, Loads, Histories })
            counter.Add(0);
        meter.CreateObservableGauge("processor_ledger_waiting", () => gauges().Waiting, description: "Operations that wait for their lane.");
        meter.CreateObservableGauge("processor_ledger_partitions", () => gauges().Partitions, description: "Partitions of the ledger.");
        meter.CreateObservableGauge("processor_ledger_partitions_stopped", () => gauges().Stopped, description: "Partitions without a valid epoch.");
        meter.CreateObservableGauge("processor_ledger_lanes", () => gauges().Lanes, description: "Lanes of this host.");
        meter.CreateObservableGauge("processor_ledger_near_accounts", () => gauges().NearAccounts, description: "Accounts in this host's memory.");
        meter.CreateObservableGauge("processor_ledger_near_bytes", () => gauges().NearBytes, "By", "About what those accounts take.");
        meter.CreateObservableGauge("processor_ledger_retained_bytes", () => gauges().RetainedBytes, "By", "Committed entries in this host's memory that Postgres may not have yet.");
        meter.CreateObservableGauge("processor_ledger_epoch", epochs, description: "The valid epoch of each partition.");
        meter.CreateObservableGauge("processor_ledger_journal_bytes", journalBytes, "By", "What each partition's journal takes in Redis.");
    }

    internal Counter<long> Operations { get; }

    internal Histogram<int> Batches { get; }

    internal Histogram<double> CallSeconds { get; }

    internal Counter<long> Conflicts { get; }

    internal Counter<long> Claims { get; }

    internal Counter<long> Resends { get; }

    internal Counter<long> Loads { get; }

    internal Counter<long> Histories { get; }

    public void Dispose() => meter.Dispose();
}
