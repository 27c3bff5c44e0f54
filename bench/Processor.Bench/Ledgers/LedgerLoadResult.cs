namespace Processor.Bench;

/// <summary>What a load on the ledger alone measured.</summary>
/// <param name="Operations">How many were committed.</param>
/// <param name="Throughput">Operations a second.</param>
/// <param name="CpuMicroseconds">CPU of this process for one operation, load included.</param>
/// <param name="AllocatedBytes">Bytes allocated for one operation.</param>
/// <param name="BatchSize">Operations of one script call on average.</param>
/// <param name="Latency">From submit to completion, microseconds, of every 16th operation.</param>
internal sealed record LedgerLoadResult(
    long Operations, double Throughput, double CpuMicroseconds, double AllocatedBytes, double BatchSize, Percentiles Latency);
