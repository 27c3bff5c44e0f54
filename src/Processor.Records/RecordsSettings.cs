namespace Processor.Records;

/// <summary>How the records run on a host.</summary>
public sealed record RecordsSettings
{
    /// <summary>Postgres, as Npgsql writes it: <c>Host=127.0.0.1;Port=5432;Username=…;Database=processor</c>.</summary>
    public required string Postgres { get; init; }

    /// <summary>Connections of this host at most. The recorder and the projector keep one each for their locks.</summary>
    public int ConnectionsMax { get; init; } = 16;

    /// <summary>True when this host records the journal.</summary>
    public bool IsRecorder { get; init; } = true;

    /// <summary>True when this host projects what was recorded.</summary>
    public bool IsProjector { get; init; } = true;

    /// <summary>How long recorder and projector wait at least when there is nothing more to do.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How long the recorder rests at most between two rounds, so that it writes much at a time.</summary>
    public TimeSpan RecorderRestMax { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the projector rests at most between two rounds when it is not behind.</summary>
    public TimeSpan ProjectorRestMax { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The part of the time that a projector that is behind works; the rest is left to authorizations. Above 0, at most 1.</summary>
    public double ProjectorShare { get; init; } = 0.75;

    /// <summary>How far behind a projector keeps to its share: what is beyond a peak is no peak. At three times as far it works all the time.</summary>
    public TimeSpan ProjectorLagMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long they wait when Redis or Postgres did not answer.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a host tries to take partitions that another one has.</summary>
    public TimeSpan LockInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often an idle partition notes that it is drained, and looks whether its stream still ends where it did.</summary>
    public TimeSpan DrainedInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Partitions that are recorded side by side.</summary>
    public int RecorderParallelism { get; init; } = 2;

    /// <summary>Partitions that are projected side by side: by default one for two cores.</summary>
    public int ProjectorParallelism { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Journal entries of one transaction at most.</summary>
    public int EntriesMax { get; init; } = 4_000;

    /// <summary>Bytes of journal entries that one transaction of the projector aims at. States are written once for a transaction, so a
    /// projector that is behind works the faster the more it takes, and looks the later at whether it should stand back.</summary>
    public int ProjectorBytesMax { get; init; } = 6 * 1024 * 1024;

    /// <summary>Bytes of journal entries that one transaction of the recorder aims at; a single larger entry is taken whole.</summary>
    public int BytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>An idempotency key whose first request was left unfinished for so long may be tried again.</summary>
    public TimeSpan AbandonedAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the answer to an idempotency key is remembered.</summary>
    public TimeSpan IdempotencyKeptFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a notice waits for somebody who fetches it.</summary>
    public TimeSpan OutboxKeptFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a resolved hold answers repeats, reversals and late clearing.</summary>
    public TimeSpan HoldsKeptFor { get; init; } = TimeSpan.FromDays(400);
}
