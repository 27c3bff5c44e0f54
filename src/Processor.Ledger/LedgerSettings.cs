namespace Processor.Ledger;

/// <summary>How the ledger runs on a host.</summary>
public sealed record LedgerSettings
{
    /// <summary>Redis: end points and options, such as <c>127.0.0.1:6379,password=…</c>; see docs/operating.md.</summary>
    public required string Redis { get; init; }

    /// <summary>Checks that <see cref="Redis"/> can be read.</summary>
    /// <exception cref="FormatException">It cannot; the message names the option and no value.</exception>
    public static void CheckRedis(string configuration) => RedisConfiguration.Parse(configuration);

    /// <summary>Partitions of a ledger that is created; an existing one keeps its number. 1 to 1,024.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>Lanes of this host; each serves every n-th partition.</summary>
    public int Lanes { get; init; } = 2;

    /// <summary>Operations of one script call at most.</summary>
    public int BatchMax { get; init; } = 256;

    /// <summary>Operations that wait for one partition at most; beyond it they are answered as unavailable.</summary>
    public int QueueMax { get; init; } = 32_768;

    /// <summary>Entries of one partition's journal in Redis at most; beyond it the partition declines until the recorder has caught up.</summary>
    public int JournalEntriesMax { get; init; } = 500_000;

    /// <summary>Bytes that one partition's journal may take in Redis, which is also what a host keeps of it in memory at most; beyond it
    /// the partition declines until the recorder has caught up. Measured once a second.</summary>
    public long JournalBytesMax { get; init; } = 1L << 30;

    /// <summary>Bytes of all accounts that a host keeps in memory.</summary>
    public long NearCacheBytes { get; init; } = 2L << 30;

    /// <summary>How long a resolved hold stays in Redis, so that a repeat gets its first answer from there.</summary>
    public TimeSpan RepeatWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a script call is waited for before the same call is sent again.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Replicas of Redis that must have a batch before what it decided is told; 0 asks none. Not for a Redis Cluster.</summary>
    public int ReplicasMin { get; init; }

    /// <summary>How long a call that surely did nothing is sent again before its operations are answered as unavailable.</summary>
    public TimeSpan RefusalMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long nothing may be heard of a host by Redis, when Postgres does not see it any more, before it is struck out. Longer
    /// than a host takes to find that Postgres does not answer: only then does it beat in Redis.</summary>
    public TimeSpan SilentFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a host waits for Redis when it starts.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
