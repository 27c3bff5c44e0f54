using Microsoft.Extensions.Logging;

namespace Processor.Api;

/// <summary>What the façade says to operators. Event numbers 5000 to 5099. No path, query, header or body is ever logged.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(5000, LogLevel.Warning, "Request {RequestId} was answered 503: Redis or Postgres did not answer.")]
    internal static partial void Unavailable(ILogger logger, Exception problem, string requestId);

    [LoggerMessage(5001, LogLevel.Error, "Request {RequestId} failed by a mistake of our own.")]
    internal static partial void Failed(ILogger logger, Exception problem, string requestId);

    [LoggerMessage(5002, LogLevel.Information, "Forgot {Count} idempotency keys that were kept long enough.")]
    internal static partial void Forgot(ILogger logger, int count);

    [LoggerMessage(5003, LogLevel.Warning, "Old idempotency keys were not removed; it is tried again.")]
    internal static partial void NotForgotten(ILogger logger, Exception problem);
}
