namespace Processor.Ledger;

/// <summary>There is no connection, or it broke. Whether what was under way has run is not known.</summary>
internal sealed class RedisConnectionException : IOException
{
    internal RedisConnectionException(string message)
        : base(message)
    {
    }

    internal RedisConnectionException(string message, Exception reason)
        : base(message, reason)
    {
    }
}
