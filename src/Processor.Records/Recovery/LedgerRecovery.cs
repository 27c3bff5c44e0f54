using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>How hosts agree through Postgres on what became of Redis.</summary>
/// <remarks>A host lives while it was seen within <see cref="DeadAfter"/>. All times are Postgres's own: hosts' clocks play no part. That a host was
/// not seen says that it is not waited for, and nothing of what it commits.</remarks>
public sealed class LedgerRecovery(RecordsDatabase database) : ILedgerRecovery
{
    /// <summary>A host that was not seen for so long is not waited for.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(10);

    internal const int LockSpace = 8583_03;

    internal const string Living = "host.left_at is null and host.seen_at > now() - @DeadAfter";

    private const string BeatSql = """
        with beat as (
            insert into ledger_host (writer, machine, process) values (@Writer, @Machine, @Process)
            on conflict (writer) do update set seen_at = now(), left_at = null)
        select known.epoch, known.state, recorded.epoch as recorded_epoch, recorded.seq as recorded_seq
        from ledger_partition as known
        join journal_position as recorded using (partition)
        order by partition
        """;

    private const string LeaveSql = """
        with gone as (
            update ledger_host set left_at = now() where writer = @Writer returning seen_at)
        insert into ledger_last_entry (partition, writer, seen_at, epoch, seq)
        select entry.number - 1, @Writer, gone.seen_at, entry.epoch, entry.seq
        from gone, unnest(@Epochs, @Seqs) with ordinality as entry (epoch, seq, number)
        where entry.epoch > 0
        on conflict (partition, writer) do update set seen_at = excluded.seen_at, epoch = excluded.epoch, seq = excluded.seq
        """;

    private const string ListSilentSql = $"""
        select known.partition, host.writer, host.seen_at
        from ledger_host as host cross join ledger_partition as known
        where host.left_at is null and not ({Living}) and known.state = 0 and not exists (
            select 1 from ledger_last_entry as entry
            where entry.partition = known.partition and entry.writer = host.writer and entry.seen_at = host.seen_at)
        """;

    // Struck out in all partitions it is as one that left.
    private const string StrikeOutSql = """
        with noted as (
            insert into ledger_last_entry (partition, writer, seen_at, epoch, seq) values (@Partition, @Writer, @SeenAt, @Epoch, @Seq)
            on conflict (partition, writer) do update set seen_at = excluded.seen_at, epoch = excluded.epoch, seq = excluded.seq)
        update ledger_host set left_at = now()
        where writer = @Writer and seen_at = @SeenAt and (select partitions from ledger) = 1 + (
            select count(*) from ledger_last_entry where writer = @Writer and seen_at = @SeenAt and partition <> @Partition)
        """;

    private const string ConfirmSql = """
        with beat as (
            update ledger_host set seen_at = now(), left_at = null where writer = @Writer)
        insert into ledger_confirmation (partition, epoch, run, writer) values (@Partition, @Epoch, @Run, @Writer)
        on conflict do nothing
        """;

    private const string IsConfirmedSql = $"""
        select exists (select 1 from ledger_partition where partition = @Partition and epoch = @Epoch and state = 0)
            and not exists (
                select 1 from ledger_host as host
                where {Living} and not exists (
                    select 1 from ledger_confirmation as said
                    where said.partition = @Partition and said.epoch = @Epoch and said.run = @Run and said.writer = host.writer))
        """;

    private const string EndSql = """
        update ledger_partition
        set epoch = epoch + 1, state = 1, reason = @Reason, ended_at = now(), takes_loss = @TakesLoss
        where partition = @Partition and epoch = @Epoch and state = 0
        """;

    private const string TakeLossSql = """
        with accepted as (
            update ledger_loss set accepted_at = now() where partition = @partition and accepted_at is null)
        update ledger_partition set state = 1, takes_loss = true where partition = @partition and state <> 0
        """;

    private const string HandInSql = """
        insert into ledger_hand_in (partition, epoch, writer) values (@Partition, @Epoch, @Writer)
        on conflict do nothing
        """;

    internal const string HandInEntriesSql = """
        insert into ledger_handed_entry (partition, epoch, seq, payload)
        select @Partition, entry.epoch, entry.seq, entry.payload
        from unnest(@Epochs, @Seqs, @Payloads) as entry (epoch, seq, payload)
        on conflict do nothing
        """;

    // Who finishes a rebuild sees all of what was handed in before, or is seen by who hands in after it.
    internal const string HandInLockSql = "select epoch from ledger_partition where partition = @Partition for share";

    // A host that was taken for dead came back after the rebuild: what it had and nobody else, is lost.
    private const string LateSql = """
        insert into ledger_loss (partition, epoch, seq, reason)
        select @Partition, entry.epoch, min(entry.seq) - 1, @Host || ' came back after the rebuild with ' || count(*) || ' entries that it did not have'
        from unnest(@Epochs, @Seqs) as entry (epoch, seq)
        where exists (select 1 from ledger_partition where partition = @Partition and epoch >= @Epoch and state = 0)
            and not exists (select 1 from journal where partition = @Partition and journal.epoch = entry.epoch and journal.seq = entry.seq)
        group by entry.epoch
        returning epoch, seq, reason
        """;

    private const string MayBeginSql = $"""
        select known.epoch
        from ledger_partition as known
        where known.partition = @Partition and known.state = 1 and not exists (
            select 1 from ledger_host as host
            where {Living} and not exists (
                select 1 from ledger_hand_in as done
                where done.partition = known.partition and done.epoch = known.epoch and done.writer = host.writer))
        """;

    private const string LockSql = "select pg_try_advisory_lock(@LockSpace, @Partition)";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PartitionStanding>> BeatAsync(int writer, CancellationToken cancellation)
    {
        var rows = await database.ListAsync<(long Epoch, short State, long RecordedEpoch, long RecordedSeq)>(BeatSql, new { Writer = writer, Machine = Environment.MachineName, Process = Environment.ProcessId }, cancellation);
        return [.. rows.Select(row => new PartitionStanding(row.Epoch, (PartitionState)row.State, new JournalId(row.RecordedEpoch, row.RecordedSeq)))];
    }

    /// <inheritdoc/>
    public Task LeaveAsync(int writer, IReadOnlyList<JournalId> unrecorded, CancellationToken cancellation)
    {
        var parameters = new { Writer = writer, Epochs = unrecorded.Select(entry => entry.Epoch).ToArray(), Seqs = unrecorded.Select(entry => entry.Sequence).ToArray() };
        return database.ExecuteAsync(LeaveSql, parameters, cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SilentHost>> ListSilentAsync(CancellationToken cancellation)
    {
        var rows = await database.ListAsync<(short Partition, int Writer, DateTime SeenAt)>(ListSilentSql, new { DeadAfter }, cancellation);
        return [.. rows.Select(row => new SilentHost(row.Partition, row.Writer, row.SeenAt))];
    }

    /// <inheritdoc/>
    public Task StrikeOutAsync(SilentHost host, JournalId last, CancellationToken cancellation)
    {
        var parameters = new { Partition = (short)host.Partition, host.Writer, host.SeenAt, last.Epoch, Seq = last.Sequence };
        return database.ExecuteAsync(StrikeOutSql, parameters, cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> ConfirmAsync(int partition, long epoch, string run, int writer, CancellationToken cancellation)
    {
        var parameters = new { Partition = (short)partition, Epoch = epoch, Run = run, Writer = writer, DeadAfter };
        await database.ExecuteAsync(ConfirmSql, parameters, cancellation);
        return await database.FindAsync<bool>(IsConfirmedSql, parameters, cancellation);
    }

    /// <inheritdoc/>
    public async Task<bool> EndEpochAsync(int partition, long epoch, string reason, CancellationToken cancellation) =>
        await database.ExecuteAsync(EndSql, new { Partition = (short)partition, Epoch = epoch, Reason = reason, TakesLoss = false }, cancellation) == 1;

    /// <summary>An operator wants a partition rebuilt from what hosts, Redis and the records have.</summary>
    /// <returns>False when there is no such partition.</returns>
    public async Task<bool> OrderAsync(int partition, CancellationToken cancellation)
    {
        if (await database.ExecuteAsync(TakeLossSql, new { partition }, cancellation) > 0)
            return true;
        var standing = await FindAsync(partition, cancellation);
        return standing is { } known
            && await database.ExecuteAsync(EndSql, new { Partition = (short)partition, known.Epoch, Reason = "an operator", TakesLoss = true }, cancellation) == 1;
    }

    /// <inheritdoc/>
    public async Task<PartitionLoss?> HandInAsync(int partition, long epoch, int writer, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var host = Describe(writer, Environment.MachineName, Environment.ProcessId);
        var parameters = new { Partition = (short)partition, Epoch = epoch, Writer = writer, Host = host, Epochs = Epochs(entries), Seqs = Seqs(entries) };
        CommandDefinition Command(string sql) => new(sql, parameters, transaction, cancellationToken: cancellation);
        await connection.ExecuteAsync(Command(HandInLockSql));
        await HandInAsync(connection, transaction, partition, entries, cancellation);
        var late = (await connection.QueryAsync<(long Epoch, long Seq, string Reason)>(Command(LateSql))).AsList();
        await connection.ExecuteAsync(Command(HandInSql));
        await transaction.CommitAsync(cancellation);
        return late is [var first, ..] ? new PartitionLoss(new JournalId(first.Epoch, first.Seq), first.Reason) : null;
    }

    /// <inheritdoc/>
    public async Task<IPartitionRebuild?> TryBeginRebuildAsync(int partition, CancellationToken cancellation)
    {
        var session = await database.OpenSessionAsync(cancellation);
        try
        {
            var parameters = new { LockSpace, Partition = partition, DeadAfter };
            if (await session.QuerySingleAsync<bool>(new CommandDefinition(LockSql, parameters, cancellationToken: cancellation))
                && await session.QuerySingleOrDefaultAsync<long?>(new CommandDefinition(MayBeginSql, parameters, cancellationToken: cancellation)) is { } epoch)
                return new PartitionRebuild(database, session, partition, epoch);
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }

        await session.DisposeAsync();
        return null;
    }

    /// <summary>How a partition stands; null when there is none.</summary>
    internal async Task<PartitionStanding?> FindAsync(int partition, CancellationToken cancellation)
    {
        const string sql = "select epoch, state from ledger_partition where partition = @partition";
        var rows = await database.ListAsync<(long Epoch, short State)>(sql, new { partition }, cancellation);
        return rows is [var row] ? new PartitionStanding(row.Epoch, (PartitionState)row.State, JournalId.Zero) : null;
    }

    /// <summary>A host for an operator. One that joined before that was kept has no machine and no process.</summary>
    internal static string Describe(int writer, string? machine, int? process) => machine is null
        ? string.Create(CultureInfo.InvariantCulture, $"writer {writer}")
        : string.Create(CultureInfo.InvariantCulture, $"writer {writer} (process {process} on {machine})");

    internal static Task HandInAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int partition, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        var parameters = new { Partition = (short)partition, Epochs = Epochs(entries), Seqs = Seqs(entries), Payloads = entries.Select(entry => entry.Payload.ToArray()).ToArray() };
        return connection.ExecuteAsync(new CommandDefinition(HandInEntriesSql, parameters, transaction, cancellationToken: cancellation));
    }

    private static long[] Epochs(IReadOnlyList<JournalEntry> entries) => [.. entries.Select(entry => entry.Id.Epoch)];

    private static long[] Seqs(IReadOnlyList<JournalEntry> entries) => [.. entries.Select(entry => entry.Id.Sequence)];
}
