using Microsoft.Extensions.Logging;

namespace Processor.Records;

/// <summary>What the records say to operators. Event numbers 3000 to 3099.</summary>
internal static partial class RecordsLog
{
    [LoggerMessage(3000, LogLevel.Information, "Migration {Number} applied: {Name}.")]
    internal static partial void Migrated(ILogger logger, int number, string name);

    [LoggerMessage(3001, LogLevel.Information, "{Role} took {Count} partitions.")]
    internal static partial void Took(ILogger logger, string role, int count);

    [LoggerMessage(3002, LogLevel.Warning, "{Role} of partition {Partition} found that another host has moved its position; it goes on from there.")]
    internal static partial void Overtaken(ILogger logger, string role, int partition);

    [LoggerMessage(3003, LogLevel.Warning, "{Role} waits: Redis or Postgres did not answer.")]
    internal static partial void Waiting(ILogger logger, Exception problem, string role);

    [LoggerMessage(3004, LogLevel.Information, "{Role} goes on.")]
    internal static partial void Resumed(ILogger logger, string role);

    [LoggerMessage(3005, LogLevel.Error, "{Role} failed by a mistake of our own; it tries again.")]
    internal static partial void Failed(ILogger logger, Exception problem, string role);

    [LoggerMessage(3006, LogLevel.Critical, "Partition {Partition} is not recorded any more: behind {Position} the journal has {Found}. Entries were lost.")]
    internal static partial void GapFound(ILogger logger, int partition, string position, string found);

    [LoggerMessage(3007, LogLevel.Critical, "Partition {Partition} is not recorded any more: its journal ends at {Found}, before {Position}, which was recorded. Redis has lost or rewound its state.")]
    internal static partial void RewindFound(ILogger logger, int partition, string position, string found);

    [LoggerMessage(3008, LogLevel.Error, "Entry {Id} of partition {Partition} cannot be projected as it stands and was noted as an exception: {Reason}.")]
    internal static partial void NotProjected(ILogger logger, int partition, string id, string reason);

    [LoggerMessage(3009, LogLevel.Warning, "Redis did not take a notice about partition {Partition}; it is given again.")]
    internal static partial void NoticeFailed(ILogger logger, Exception problem, int partition);

    [LoggerMessage(3010, LogLevel.Information, "{Role} ended.")]
    internal static partial void Ended(ILogger logger, string role);

    [LoggerMessage(3011, LogLevel.Debug, "{Count} rows had their time and were deleted.")]
    internal static partial void Pruned(ILogger logger, int count);
}
