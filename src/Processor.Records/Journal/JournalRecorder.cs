using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Copies the partitions' streams into the <c>journal</c> table, one row for each entry, and lets the entries go from Redis.</summary>
/// <remarks>An entry is recorded once, by whichever host moves the position from where it found it: rows and position are one
/// transaction. A stream that has a gap, or ends before its position, ends the partition's epoch.</remarks>
public sealed class JournalRecorder : PartitionWorker
{
    private const int LockSpace = 8583_01;
    private const int EntriesMin = 16;

    private const string PositionSql = "select epoch, seq from journal_position where partition = @partition";

    // Fenced: of two recorders that started from one position the second waits for the row, and then finds none.
    private const string MoveSql = """
        update journal_position
        set epoch = @ToEpoch, seq = @ToSeq, drained_at = coalesce(@DrainedAt, drained_at)
        where partition = @Partition and epoch = @FromEpoch and seq = @FromSeq
        """;

    private const string CopySql = "copy journal (partition, epoch, seq, payload) from stdin (format binary)";

    private readonly ConcurrentDictionary<int, State> states = new();
    private readonly IJournal journal;
    private readonly RecordsDatabase database;
    private readonly LedgerRecovery recovery;
    private readonly RecordsSettings settings;
    private readonly RecordsMetrics metrics;
    private readonly TimeProvider clock;
    private readonly ILogger<JournalRecorder> log;

    /// <summary>Makes a recorder that does nothing until it is started or stepped.</summary>
    public JournalRecorder(
        IJournal journal, RecordsDatabase database, RecordsSettings settings, RecordsMetrics metrics, TimeProvider clock, ILogger<JournalRecorder> log)
        : base("Recorder", LockSpace, settings.RecorderParallelism, database, settings, clock, log)
    {
        this.journal = journal;
        this.database = database;
        recovery = new LedgerRecovery(database);
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.log = log;
    }

    private protected override int Partitions => journal.Partitions;

    // Rare and large transactions cost Postgres and the disk least: while there is much to record, a fifth of the time is spent on it.
    private protected override TimeSpan RestAfter(TimeSpan worked, bool hasMore) =>
        hasMore ? TimeSpan.Zero : Between(settings.PollInterval, worked * 4, settings.RecorderRestMax);

    internal override async Task<bool> StepAsync(int partition, CancellationToken cancellation)
    {
        var state = states.GetOrAdd(partition, _ => new State());
        if (clock.GetUtcNow() < state.LooksAgainAt)
            return false;
        if (state.Position is null && !await BeginAsync(partition, state, cancellation))
            return false;

        var from = state.Position!.Value;
        var count = Math.Clamp(settings.BytesMax / Math.Max(1, state.EntryLength), Math.Min(EntriesMin, settings.EntriesMax), settings.EntriesMax);
        var readAt = clock.GetUtcNow();
        var entries = await journal.ReadAsync(partition, from, count, cancellation);
        if (entries.Count == 0)
        {
            await StayAsync(partition, state, from, readAt, cancellation);
            return false;
        }

        if (FindGap(from, entries) is { } found)
        {
            // A rebuilt partition goes on from a position of its own.
            if (await FindPositionAsync(partition, cancellation) != from)
            {
                Overtaken(partition, state);
                return true;
            }

            var reason = $"a gap in the journal between {from} and {found}";
            if (await EndAsync(partition, state, reason, async () => await FindPositionAsync(partition, cancellation) == from, cancellation))
                RecordsLog.GapFound(log, partition, from.ToString(), found.ToString());
            return false;
        }

        // A read that reached the end saw everything that had been committed before it.
        var isDrained = entries.Count < count;
        await MoveAsync(partition, state, from, entries, isDrained ? readAt : null, cancellation);
        return !isDrained;
    }

    private protected override void Forget(int partition) => states.TryRemove(partition, out _);

    private protected override void Leave(int partition) => metrics.ForgetRecorded(partition);

    private static JournalId? FindGap(JournalId from, IReadOnlyList<JournalEntry> entries)
    {
        var last = from;
        foreach (var entry in entries)
        {
            if (!entry.Id.IsNextOf(last))
                return entry.Id;
            last = entry.Id;
        }

        return null;
    }

    private async Task<bool> BeginAsync(int partition, State state, CancellationToken cancellation)
    {
        var position = await FindPositionAsync(partition, cancellation);
        if (!await ReachesAsync(partition, state, position, cancellation))
            return false;
        state.Position = position;
        metrics.GoesOn(partition);
        await LetGoAsync(partition, state, position, cancellation);
        return true;
    }

    private async Task<JournalId> FindPositionAsync(int partition, CancellationToken cancellation)
    {
        var (epoch, seq) = await database.FindAsync<(long Epoch, long Seq)>(PositionSql, new { partition }, cancellation);
        return new JournalId(epoch, seq);
    }

    private async Task<bool> ReachesAsync(int partition, State state, JournalId position, CancellationToken cancellation)
    {
        var end = await journal.FindEndAsync(partition, cancellation);
        if (end >= position)
            return true;
        if (await EndAsync(partition, state, $"a journal that ends at {end} before {position}", () => EndsBeforeAsync(partition, cancellation), cancellation))
            RecordsLog.RewindFound(log, partition, position.ToString(), end.ToString());
        return false;
    }

    private async Task<bool> EndsBeforeAsync(int partition, CancellationToken cancellation)
    {
        var position = await FindPositionAsync(partition, cancellation);
        return await journal.FindEndAsync(partition, cancellation) < position;
    }

    private async Task StayAsync(int partition, State state, JournalId position, DateTimeOffset readAt, CancellationToken cancellation)
    {
        metrics.Recorded(partition, readAt);
        if (state.LeavesRecorded)
            await LetGoAsync(partition, state, position, cancellation);

        // Of a stream that never had an entry nobody can say that it lost none.
        if (position == JournalId.Zero || readAt < state.NotedAt + settings.DrainedInterval)
            return;
        if (!await ReachesAsync(partition, state, position, cancellation))
            return;
        var parameters = Fence(partition, position, position, readAt);
        if (await database.ExecuteAsync(MoveSql, parameters, cancellation) == 1)
            state.NotedAt = readAt;
        else
            Overtaken(partition, state);
    }

    private async Task MoveAsync(
        int partition, State state, JournalId from, IReadOnlyList<JournalEntry> entries, DateTimeOffset? drainedAt, CancellationToken cancellation)
    {
        var to = entries[^1].Id;
        if (!await RecordAsync(partition, from, to, entries, drainedAt, cancellation))
        {
            Overtaken(partition, state);
            return;
        }

        state.Position = to;
        state.EntryLength = entries.Sum(entry => entry.Payload.Length) / entries.Count;
        metrics.Entries.Add(entries.Count);
        if (drainedAt is { } moment)
        {
            state.NotedAt = moment;
            metrics.Recorded(partition, moment);
        }

        await LetGoAsync(partition, state, to, cancellation);
    }

    private async Task<bool> RecordAsync(
        int partition, JournalId from, JournalId to, IReadOnlyList<JournalEntry> entries, DateTimeOffset? drainedAt, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var moved = await connection.ExecuteAsync(new CommandDefinition(MoveSql, Fence(partition, from, to, drainedAt), transaction, cancellationToken: cancellation));
        if (moved != 1)
            return false;
        await CopyAsync(connection, partition, entries, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static async Task CopyAsync(NpgsqlConnection connection, int partition, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        await using var writer = await connection.BeginBinaryImportAsync(CopySql, cancellation);
        foreach (var entry in entries)
        {
            await writer.StartRowAsync(cancellation);
            await writer.WriteAsync((short)partition, NpgsqlDbType.Smallint, cancellation);
            await writer.WriteAsync(entry.Id.Epoch, NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(entry.Id.Sequence, NpgsqlDbType.Bigint, cancellation);
            await writer.WriteAsync(entry.Payload, NpgsqlDbType.Bytea, cancellation);
        }

        await writer.CompleteAsync(cancellation);
    }

    private static object Fence(int partition, JournalId from, JournalId to, DateTimeOffset? drainedAt) => new
    {
        Partition = (short)partition,
        FromEpoch = from.Epoch,
        FromSeq = from.Sequence,
        ToEpoch = to.Epoch,
        ToSeq = to.Sequence,
        DrainedAt = drainedAt,
    };

    // What stays in Redis because it cannot be reached now goes with the next entries, or when there are none.
    private async Task LetGoAsync(int partition, State state, JournalId through, CancellationToken cancellation)
    {
        if (through == JournalId.Zero)
            return;
        try
        {
            await journal.TrimAsync(partition, through, cancellation);
            state.LeavesRecorded = false;
        }
        catch (LedgerUnavailableException problem)
        {
            state.LeavesRecorded = true;
            RecordsLog.NoticeFailed(log, problem, partition);
        }
    }

    /// <summary>Redis is not what it was: the epoch ends for all hosts. Until the partition is rebuilt nothing is recorded.</summary>
    /// <remarks>What was found may be of an epoch that has been rebuilt since. So it must still be so once it is known which one would be ended.</remarks>
    /// <returns>False when it had ended already, or is well.</returns>
    private async Task<bool> EndAsync(int partition, State state, string reason, Func<Task<bool>> isStillSo, CancellationToken cancellation)
    {
        state.Position = null;
        state.LooksAgainAt = clock.GetUtcNow() + settings.RetryInterval;
        metrics.Stopped(partition);
        return await recovery.FindAsync(partition, cancellation) is { State: PartitionState.Ready } standing
            && await isStillSo()
            && await recovery.EndEpochAsync(partition, standing.Epoch, reason, cancellation);
    }

    private void Overtaken(int partition, State state)
    {
        RecordsLog.Overtaken(log, Role, partition);
        state.Position = null;
    }

    private sealed class State
    {
        /// <summary>The last entry that is recorded; null when it must be read.</summary>
        internal JournalId? Position { get; set; }

        /// <summary>True while Redis may still have entries that are recorded.</summary>
        internal bool LeavesRecorded { get; set; }

        /// <summary>Bytes of an entry of the last batch on average.</summary>
        internal int EntryLength { get; set; } = 16 * 1024;

        /// <summary>When it was last noted that the partition is drained.</summary>
        internal DateTimeOffset NotedAt { get; set; }

        /// <summary>While a partition waits to be rebuilt there is no hurry.</summary>
        internal DateTimeOffset LooksAgainAt { get; set; }
    }
}
