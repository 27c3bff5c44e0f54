using System.Globalization;
using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Records;

/// <summary>Rebuilds one partition from the journal. Only one host at a time has it: it holds the partition's lock until it is disposed.</summary>
internal sealed class PartitionRebuild(RecordsDatabase database, NpgsqlConnection session, int partition, long epoch) : IPartitionRebuild
{
    private const string PositionSql = "select epoch, seq from journal_position where partition = @Partition for update";

    private const string TakesLossSql = "select takes_loss from ledger_partition where partition = @Partition";

    private const string MergeSql = """
        insert into journal (partition, epoch, seq, payload)
        select partition, epoch, seq, payload
        from ledger_handed_entry
        where partition = @Partition and (epoch, seq) > (@Epoch, @Seq)
        order by epoch, seq
        on conflict do nothing
        """;

    private const string NewSql = "select epoch, seq from journal where partition = @Partition and (epoch, seq) > (@Epoch, @Seq) order by epoch, seq";

    private const string MoveSql = "update journal_position set epoch = @Epoch, seq = @Seq where partition = @Partition";

    // A host that Postgres does not see may go on committing, so only what it wrote last says that nothing of it is behind the last entry.
    // One that left without such a note had all of its own recorded.
    private const string DeadSql = $"""
        select host.writer, host.machine, host.process, host.seen_at
        from ledger_host as host
        left join ledger_last_entry as entry on entry.partition = @Partition and entry.writer = host.writer and entry.seen_at = host.seen_at
        where not ({LedgerRecovery.Living})
            and case when entry.writer is null then host.left_at is null else (entry.epoch, entry.seq) > (@Epoch, @Seq) end
        order by host.writer
        """;

    private const string LossSql = """
        with noted as (
            insert into ledger_loss (partition, epoch, seq, reason) values (@Partition, @Epoch, @Seq, @Reason))
        update ledger_partition set state = 2, reason = @Reason where partition = @Partition and state = 1
        """;

    private const string JournalSql = "select payload from journal where partition = @Partition order by epoch, seq";

    private const string CardsSql = "select id, program, pan_hash from card where account_id = any(@Accounts)";

    private const string FinishLockSql = "select epoch from ledger_partition where partition = @Partition for update";

    private const string IsBehindSql = """
        select exists (
            select 1
            from ledger_handed_entry as handed join journal_position as recorded using (partition)
            where handed.partition = @Partition and (handed.epoch, handed.seq) > (recorded.epoch, recorded.seq))
        """;

    private const string FinishSql = """
        with opened as (
            insert into journal (partition, epoch, seq, payload) values (@Partition, @Next, 0, ''::bytea)),
        moved as (
            update journal_position set epoch = @Next, seq = 0 where partition = @Partition),
        handed as (
            delete from ledger_handed_entry where partition = @Partition),
        asked as (
            delete from ledger_hand_in where partition = @Partition and epoch < @Next)
        update ledger_partition set state = 0, is_started = true, reason = null, takes_loss = false where partition = @Partition and epoch = @Next
        """;

    private const int AccountsAtOnce = 500;

    /// <inheritdoc/>
    public long Epoch => epoch;

    /// <inheritdoc/>
    public async Task<PartitionLoss?> CloseJournalAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        await KeepAsync(entries, cancellation);
        await using var transaction = await session.BeginTransactionAsync(cancellation);
        CommandDefinition Command(string sql, object parameters) => new(sql, parameters, transaction, cancellationToken: cancellation);
        var known = new { Partition = (short)partition };
        var (fromEpoch, fromSeq) = await session.QuerySingleAsync<(long Epoch, long Seq)>(Command(PositionSql, known));
        var from = new { Partition = (short)partition, Epoch = fromEpoch, Seq = fromSeq };
        await session.ExecuteAsync(Command(MergeSql, from));
        var ids = (await session.QueryAsync<(long Epoch, long Seq)>(Command(NewSql, from))).Select(row => new JournalId(row.Epoch, row.Seq)).ToList();
        var takesLoss = await session.QuerySingleAsync<bool>(Command(TakesLossSql, known));
        var (last, next) = FindEnd(new JournalId(fromEpoch, fromSeq), ids);
        var dead = (await session.QueryAsync<DeadHost>(Command(DeadSql, new { Partition = (short)partition, last.Epoch, Seq = last.Sequence, LedgerRecovery.DeadAfter }))).AsList();
        if (!takesLoss && (next is not null || dead.Count > 0))
        {
            var loss = new PartitionLoss(last, ReasonOf(last, next, dead));
            await transaction.RollbackAsync(cancellation);
            await database.ExecuteAsync(LossSql, new { Partition = (short)partition, last.Epoch, Seq = last.Sequence, loss.Reason }, cancellation);
            return loss;
        }

        if (ids.Count > 0)
            await session.ExecuteAsync(Command(MoveSql, new { Partition = (short)partition, ids[^1].Epoch, Seq = ids[^1].Sequence }));
        await transaction.CommitAsync(cancellation);
        return null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RebuiltAccount> ReadAccountsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var fold = new JournalFold();
        await using (var connection = await database.OpenAsync(cancellation))
        {
            await foreach (var payload in connection.QueryUnbufferedAsync<byte[]>(JournalSql, new { Partition = (short)partition }).WithCancellation(cancellation))
                fold.Add(payload);
        }

        foreach (var accounts in fold.Accounts.Chunk(AccountsAtOnce))
        {
            var rows = await database.ListAsync<(Guid Id, int Program, Guid PanHash)>(CardsSql, new { Accounts = accounts.Select(account => account.Key.ToGuid()).ToArray() }, cancellation);
            var cards = rows.ToDictionary(row => Ulid.FromGuid(row.Id), row => (row.Program, Pan: new PanHash(Ulid.FromGuid(row.PanHash).Value)));
            foreach (var (account, fields) in accounts)
                yield return new RebuiltAccount(account, fields.List(), fields.ListCards(cards));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Said where the lock is held: who has lost it finishes nothing.</remarks>
    public async Task<bool> FinishAsync(CancellationToken cancellation)
    {
        await using var transaction = await session.BeginTransactionAsync(cancellation);
        CommandDefinition Command(string sql) => new(sql, new { Partition = (short)partition, Next = epoch }, transaction, cancellationToken: cancellation);
        await session.ExecuteAsync(Command(FinishLockSql));
        if (await session.QuerySingleAsync<bool>(Command(IsBehindSql)))
            return false;
        await session.ExecuteAsync(Command(FinishSql));
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();

    // What Redis still has is kept first: it may be gone when an operator says to go on.
    private async Task KeepAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        await using var transaction = await session.BeginTransactionAsync(cancellation);
        await LedgerRecovery.HandInAsync(session, transaction, partition, entries, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The last entry before which none is missing, and the one behind the gap if there is one.</summary>
    private static (JournalId Last, JournalId? Next) FindEnd(JournalId from, List<JournalId> ids)
    {
        var last = from;
        foreach (var id in ids)
        {
            if (!id.IsNextOf(last))
                return (last, id);
            last = id;
        }

        return (last, null);
    }

    private static string ReasonOf(JournalId last, JournalId? next, List<DeadHost> dead)
    {
        var hosts = string.Join(", ", dead.Select(host => host.ToString()));
        if (next is null)
            return $"what was committed last by {hosts} went with it, if there was any";
        return $"the entries between {last} and {next} are nowhere" + (dead.Count == 0 ? "" : $", unless with {hosts}");
    }

    private sealed record DeadHost
    {
        public int Writer { get; init; }

        public string? Machine { get; init; }

        public int? Process { get; init; }

        public DateTime SeenAt { get; init; }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"{LedgerRecovery.Describe(Writer, Machine, Process)}, last seen {SeenAt:yyyy-MM-dd HH:mm:ss}Z");
    }
}
