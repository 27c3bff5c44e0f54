using System.Collections.Concurrent;
using System.Data;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Turns journal rows into transactions, ledger entries, holds and states. Each event takes effect once, because the rows and
/// the position are one transaction; what cannot be applied is noted in <c>journal_exception</c> and holds up nothing.</summary>
public sealed class Projector : PartitionWorker
{
    private const int LockSpace = 8583_02;

    private const string PositionsSql = """
        select recorded.partition, recorded.epoch as recorded_epoch, recorded.seq as recorded_seq, recorded.drained_at, projected.epoch, projected.seq
        from journal_position as recorded
        join projector_position as projected using (partition)
        """;

    // At least one entry, and as many more as stay within the bytes. The sum looks at lengths alone.
    private const string ReadSql = """
        select epoch, seq, length, payload
        from (
            select epoch, seq, payload, octet_length(payload) as length,
                sum(octet_length(payload)) over (order by epoch, seq) - octet_length(payload) as bytes_before
            from (
                select epoch, seq, payload
                from journal
                where partition = @Partition and (epoch, seq) > (@Epoch, @Seq)
                order by epoch, seq
                limit @EntriesMax
            ) as next
        ) as measured
        where bytes_before < @BytesMax
        order by epoch, seq
        """;

    // Fenced as the recorder's. What a batch brings is kept in memory by the server, not in its temporary files.
    private const string MoveSql = """
        set local work_mem = '64MB';
        update projector_position
        set epoch = @ToEpoch, seq = @ToSeq
        where partition = @Partition and epoch = @FromEpoch and seq = @FromSeq
        """;

    private const string TellSql = """
        insert into outbox (partition, after_epoch, after_seq, through_epoch, through_seq, events, at)
        values (@Partition, @FromEpoch, @FromSeq, @ToEpoch, @ToSeq, @Events, @At)
        """;

    private readonly ConcurrentDictionary<int, DateTime> announced = new();
    private readonly ConcurrentDictionary<int, DrainedMoments> moments = new();
    private readonly ConcurrentBag<ProjectionBatch> batches = [];
    private readonly IJournal journal;
    private readonly RecordsDatabase database;
    private readonly RecordsSettings settings;
    private readonly RecordsMetrics metrics;
    private readonly TimeProvider clock;
    private readonly ILogger<Projector> log;
    private Dictionary<int, Positions> positions = [];
    private DateTimeOffset roundAt;
    private long noticeTicks;

    /// <summary>Makes a projector that does nothing until it is started or stepped.</summary>
    public Projector(
        IJournal journal, RecordsDatabase database, RecordsSettings settings, RecordsMetrics metrics, TimeProvider clock, ILogger<Projector> log)
        : base("Projector", LockSpace, settings.ProjectorParallelism, database, settings, clock, log)
    {
        this.journal = journal;
        this.database = database;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.log = log;
    }

    private protected override int Partitions => journal.Partitions;

    private protected override TimeSpan RestAfter(TimeSpan worked, bool hasMore)
    {
        var rest = ProjectorPace.Rest(settings, worked, metrics.ProjectionLag(clock), new TimeSpan(Volatile.Read(ref noticeTicks)));
        return hasMore ? rest : Between(settings.PollInterval, rest * 4, settings.ProjectorRestMax);
    }

    internal override async Task<bool> StepAsync(int partition, CancellationToken cancellation)
    {
        if (!positions.TryGetValue(partition, out var known))
            return false;
        var drained = moments.GetOrAdd(partition, _ => new DrainedMoments());
        if (known.DrainedAt is { } drainedAt)
            drained.Add(known.Recorded, drainedAt);
        var from = known.Projected;
        var to = from;
        if (from < known.Recorded)
        {
            var batch = batches.TryTake(out var used) ? used : new ProjectionBatch();
            try
            {
                await ReadAsync(partition, from, batch.Rows, cancellation);
                if (await ApplyAsync(partition, from, batch, cancellation) is not { } reached)
                {
                    RecordsLog.Overtaken(log, Role, partition);
                    return true;
                }

                to = reached;
            }
            finally
            {
                batch.Clear();
                batch.Rows.Clear();
                batches.Add(batch);
            }
        }

        var passed = drained.Pass(to);
        if (to < known.Recorded)
        {
            if (passed is { } moment)
                metrics.Projected(partition, new DateTimeOffset(moment));
            await AnnounceAsync(partition, passed, cancellation);
            return true;
        }

        metrics.Projected(partition, roundAt);
        await AnnounceAsync(partition, known.DrainedAt, cancellation);
        return false;
    }

    private protected override void Forget(int partition)
    {
        announced.TryRemove(partition, out _);
        moments.TryRemove(partition, out _);
    }

    private protected override void Leave(int partition) => metrics.ForgetProjected(partition);

    internal override async Task BeginRoundAsync(CancellationToken cancellation)
    {
        roundAt = clock.GetUtcNow();
        var rows = await database.ListAsync<Positions>(PositionsSql, parameters: null, cancellation);
        positions = rows.ToDictionary(row => (int)row.Partition);
    }

    /// <summary>Applies rows and moves the position in one transaction; row by row when one of them cannot be applied.</summary>
    /// <returns>The position that was reached; null when somebody else had moved it.</returns>
    private async Task<JournalId?> ApplyAsync(int partition, JournalId from, ProjectionBatch batch, CancellationToken cancellation)
    {
        var rows = batch.Rows.Entries;
        if (rows.Count == 0)
            return from;
        try
        {
            foreach (var row in rows)
                batch.Add(partition, row.Id, row.Payload.Span);
            return await WriteAsync(partition, from, rows[^1].Id, batch, cancellation);
        }
        catch (Exception problem) when (IsOfTheEntry(problem))
        {
            var reached = from;
            foreach (var row in rows)
            {
                if (await ApplyOneAsync(partition, reached, row, batch, cancellation) is not { } next)
                    return null;
                reached = next;
            }

            return reached;
        }
    }

    private async Task<JournalId?> ApplyOneAsync(int partition, JournalId from, JournalEntry row, ProjectionBatch batch, CancellationToken cancellation)
    {
        batch.Clear();
        try
        {
            batch.Add(partition, row.Id, row.Payload.Span);
            return await WriteAsync(partition, from, row.Id, batch, cancellation);
        }
        catch (Exception problem) when (IsOfTheEntry(problem))
        {
            batch.Clear();
            batch.Exceptions.Add(partition, row.Id, section: null, place: null, ReasonOf(problem));
            return await WriteAsync(partition, from, row.Id, batch, cancellation);
        }
    }

    private async Task<JournalId?> WriteAsync(int partition, JournalId from, JournalId to, ProjectionBatch batch, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var move = new
        {
            Partition = (short)partition,
            FromEpoch = from.Epoch,
            FromSeq = from.Sequence,
            ToEpoch = to.Epoch,
            ToSeq = to.Sequence,
            batch.Events,
            At = clock.GetUtcNow(),
        };
        if (await connection.ExecuteAsync(new CommandDefinition(MoveSql, move, transaction, cancellationToken: cancellation)) != 1)
            return null;
        await batch.WriteAsync(connection, transaction, cancellation);
        if (batch.Events > 0)
            await connection.ExecuteAsync(new CommandDefinition(TellSql, move, transaction, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
        Count(partition, batch);
        return to;
    }

    private void Count(int partition, ProjectionBatch batch)
    {
        metrics.Events.Add(batch.Events);
        var exceptions = batch.Exceptions;
        metrics.Exceptions.Add(exceptions.Count);
        for (var index = 0; index < exceptions.Count; index++)
            RecordsLog.NotProjected(log, partition, new JournalId(exceptions.Epochs[index], exceptions.Seqs[index]).ToString(), exceptions.Reasons[index]);
    }

    private async Task ReadAsync(int partition, JournalId from, JournalRows rows, CancellationToken cancellation)
    {
        var parameters = new { Partition = (short)partition, from.Epoch, Seq = from.Sequence, settings.EntriesMax, BytesMax = (long)settings.ProjectorBytesMax };
        await using var connection = await database.OpenAsync(cancellation);
        await using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(ReadSql, parameters, cancellationToken: cancellation), CommandBehavior.SequentialAccess);
        while (await reader.ReadAsync(cancellation))
        {
            var id = new JournalId(reader.GetInt64(0), reader.GetInt64(1));
            var target = rows.Add(id, reader.GetInt32(2));
            await using var payload = reader.GetStream(3);
            await payload.ReadExactlyAsync(target, cancellation);
        }
    }

    // Everything that was committed before drained_at is recorded up to the position that was read with it, and now projected.
    private async Task AnnounceAsync(int partition, DateTime? drainedAt, CancellationToken cancellation)
    {
        if (drainedAt is not { } moment || (announced.TryGetValue(partition, out var last) && moment < last + AnnounceInterval))
            return;
        var started = clock.GetTimestamp();
        try
        {
            await journal.AnnounceProjectedAsync(partition, new DateTimeOffset(moment).ToUnixTimeMilliseconds(), cancellation);
            announced[partition] = moment;
        }
        catch (LedgerUnavailableException problem)
        {
            RecordsLog.NoticeFailed(log, problem, partition);
        }

        Volatile.Write(ref noticeTicks, clock.GetElapsedTime(started).Ticks);
    }

    // Data that Postgres refuses (classes 22 and 23), rows that outgrow a bound (54), and values that no parameter can carry.
    private static bool IsOfTheEntry(Exception problem) => problem switch
    {
        PostgresException refusal => refusal.SqlState[..2] is "22" or "23" or "54",
        NpgsqlException => false,
        _ => problem is ArithmeticException or ArgumentException or InvalidCastException or FormatException,
    };

    private static string ReasonOf(Exception problem) => problem is PostgresException refusal
        ? "refused: " + refusal.SqlState + " " + (refusal.ConstraintName ?? refusal.TableName)
        : "refused: " + problem.GetType().Name;

    private static readonly TimeSpan AnnounceInterval = TimeSpan.FromSeconds(1);

    private sealed record Positions
    {
        public short Partition { get; init; }

        public long RecordedEpoch { get; init; }

        public long RecordedSeq { get; init; }

        public DateTime? DrainedAt { get; init; }

        public long Epoch { get; init; }

        public long Seq { get; init; }

        internal JournalId Recorded => new(RecordedEpoch, RecordedSeq);

        internal JournalId Projected => new(Epoch, Seq);
    }
}
