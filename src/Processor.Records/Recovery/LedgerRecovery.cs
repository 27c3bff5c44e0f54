using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>How hosts agree through Postgres on what became of Redis.</summary>
/// <remarks>A host lives while it was seen within <see cref="DeadAfter"/>. All times are Postgres's own: hosts' clocks play no part.</remarks>
public sealed class LedgerRecovery(RecordsDatabase database) : ILedgerRecovery
{
    /// <summary>A host that was not seen for so long is not waited for.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(10);

    internal const int LockSpace = 8583_03;

    internal const string Living = "host.left_at is null and host.seen_at > now() - @DeadAfter";

    private const string BeatSql = """
        with beat as (
            insert into ledger_host (writer) values (@writer)
            on conflict (writer) do update set seen_at = now(), left_at = null)
        select known.epoch, known.state, recorded.epoch as recorded_epoch, recorded.seq as recorded_seq
        from ledger_partition as known
        join journal_position as recorded using (partition)
        order by partition
        """;

    private const string LeaveSql = "update ledger_host set left_at = now() where writer = @writer";

    private const string ConfirmSql = """
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

    // A host that was taken for dead came back after the rebuild: what it had and nobody else, is lost.
    private const string LateSql = """
        insert into ledger_loss (partition, epoch, seq, reason)
        select @Partition, min(entry.epoch), min(entry.seq) - 1, 'writer ' || @Writer || ' came back after the rebuild with ' || count(*) || ' entries that it did not have'
        from unnest(@Epochs, @Seqs) as entry (epoch, seq)
        where exists (select 1 from ledger_partition where partition = @Partition and epoch >= @Epoch and state = 0)
            and not exists (select 1 from journal where partition = @Partition and journal.epoch = entry.epoch and journal.seq = entry.seq)
        having count(*) > 0
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
        var rows = await database.ListAsync<(long Epoch, short State, long RecordedEpoch, long RecordedSeq)>(BeatSql, new { writer }, cancellation);
        return [.. rows.Select(row => new PartitionStanding(row.Epoch, (PartitionState)row.State, new JournalId(row.RecordedEpoch, row.RecordedSeq)))];
    }

    /// <inheritdoc/>
    public Task LeaveAsync(int writer, CancellationToken cancellation) => database.ExecuteAsync(LeaveSql, new { writer }, cancellation);

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
    public async Task HandInAsync(int partition, long epoch, int writer, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await HandInAsync(connection, transaction, partition, entries, cancellation);
        var parameters = new { Partition = (short)partition, Epoch = epoch, Writer = writer, Epochs = Epochs(entries), Seqs = Seqs(entries) };
        await connection.ExecuteAsync(new CommandDefinition(LateSql, parameters, transaction, cancellationToken: cancellation));
        await connection.ExecuteAsync(new CommandDefinition(HandInSql, parameters, transaction, cancellationToken: cancellation));
        await transaction.CommitAsync(cancellation);
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

    internal static Task HandInAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, int partition, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        var parameters = new { Partition = (short)partition, Epochs = Epochs(entries), Seqs = Seqs(entries), Payloads = entries.Select(entry => entry.Payload.ToArray()).ToArray() };
        return connection.ExecuteAsync(new CommandDefinition(HandInEntriesSql, parameters, transaction, cancellationToken: cancellation));
    }

    private static long[] Epochs(IReadOnlyList<JournalEntry> entries) => [.. entries.Select(entry => entry.Id.Epoch)];

    private static long[] Seqs(IReadOnlyList<JournalEntry> entries) => [.. entries.Select(entry => entry.Id.Sequence)];
}
