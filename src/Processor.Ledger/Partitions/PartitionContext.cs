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
    /// <summary>Ends when a lane has ended by a mistake of our own.</summary>
    internal TaskCompletionSource Failure { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
