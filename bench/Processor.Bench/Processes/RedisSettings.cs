namespace Processor.Bench;

/// <summary>What every Redis here is started with beyond being durable: what <c>tools/up</c> gives its own.</summary>
internal static class RedisSettings
{
    /// <summary>Arguments of <c>redis-server</c>; <c>PROCESSOR_BENCH_REDIS</c> replaces them, to try others.</summary>
    public static IReadOnlyList<string> All { get; } =
        Environment.GetEnvironmentVariable("PROCESSOR_BENCH_REDIS") is { } text
            ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : ["--auto-aof-rewrite-min-size", "4gb", "--auto-aof-rewrite-percentage", "200", "--rdbcompression", "no"];
}
