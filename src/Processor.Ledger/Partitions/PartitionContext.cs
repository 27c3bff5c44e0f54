using Microsoft.Extensions.Logging;

namespace Processor.Ledger;

/// <summary>What all partitions of a host share.</summary>
internal sealed record PartitionContext(
    LedgerSettings Settings,
    RedisLink Redis,
    IHistory History,
    LedgerMetrics Metrics,
    TimeProvider Clock,
    ILogger Log,
    int Writer,
    bool IsRetaining,
    CancellationToken Stopping)
{
    private long batches;

    /// <summary>Ends when a lane has ended by a mistake of our own.</summary>
    internal TaskCompletionSource Failure { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A number for a batch: no two of a writer have the same, in whatever partition, so that an answer tells which it is to.</summary>
    internal long NextBatch() => Interlocked.Increment(ref batches);
}
