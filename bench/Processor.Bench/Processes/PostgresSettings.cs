namespace Processor.Bench;

/// <summary>What every Postgres here, the yardstick's too, is started with beyond being durable: what <c>tools/up</c> gives its own.</summary>
internal static class PostgresSettings
{
    /// <summary>Settings as <c>name=value</c>; <c>PROCESSOR_BENCH_POSTGRES</c> replaces them, to try others.</summary>
    public static IReadOnlyList<string> All { get; } =
        Environment.GetEnvironmentVariable("PROCESSOR_BENCH_POSTGRES") is { } text
            ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : ["wal_compression=on", "max_wal_size=4GB", "shared_buffers=1GB"];
}
