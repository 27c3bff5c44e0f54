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
    private const string PositionSql = "select epoch, seq, drained_at from journal_position where partition = @Partition for update";

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

    // A host that died may have committed a little after it was last seen, and before the partition was last known to be drained.
    private const string DeadSql = $"""
        select host.writer
        from ledger_host as host
        where host.left_at is null and not ({LedgerRecovery.Living})
            and host.seen_at + interval '5 seconds' > coalesce((select drained_at from journal_position where partition = @Partition), host.joined_at)
        order by host.writer
        """;

    private const string LossSql = """
        with noted as (
            insert into ledger_loss (partition, epoch, seq, reason) values (@Partition, @Epoch, @Seq, @Reason))
        update ledger_partition set state = 2, reason = @Reason where partition = @Partition and state = 1
        """;

    private const string JournalSql = "select payload from journal where partition = @Partition order by epoch, seq";

    private const string CardsSql = "select id, program, pan_hash from card where account_id = any(@Accounts)";

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
    public async Task<bool> CloseJournalAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        await KeepAsync(entries, cancellation);
        await using var transaction = await session.BeginTransactionAsync(cancellation);
        CommandDefinition Command(string sql, object parameters) => new(sql, parameters, transaction, cancellationToken: cancellation);
        var known = new { Partition = (short)partition, LedgerRecovery.DeadAfter };
        var (fromEpoch, fromSeq, _) = await session.QuerySingleAsync<(long Epoch, long Seq, DateTime? DrainedAt)>(Command(PositionSql, known));
        var from = new { Partition = (short)partition, Epoch = fromEpoch, Seq = fromSeq };
        await session.ExecuteAsync(Command(MergeSql, from));
        var ids = (await session.QueryAsync<(long Epoch, long Seq)>(Command(NewSql, from))).Select(row => new JournalId(row.Epoch, row.Seq)).ToList();
        var takesLoss = await session.QuerySingleAsync<bool>(Command(TakesLossSql, known));
        var dead = (await session.QueryAsync<int>(Command(DeadSql, known))).AsList();
        if (!takesLoss && FindLoss(new JournalId(fromEpoch, fromSeq), ids, dead) is { } loss)
        {
            await transaction.RollbackAsync(cancellation);
            await database.ExecuteAsync(LossSql, new { Partition = (short)partition, loss.Id.Epoch, Seq = loss.Id.Sequence, loss.Reason }, cancellation);
            return false;
        }

        if (ids.Count > 0)
            await session.ExecuteAsync(Command(MoveSql, new { Partition = (short)partition, ids[^1].Epoch, Seq = ids[^1].Sequence }));
        await transaction.CommitAsync(cancellation);
        return true;
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
    public Task FinishAsync(CancellationToken cancellation) =>
        session.ExecuteAsync(new CommandDefinition(FinishSql, new { Partition = (short)partition, Next = epoch }, cancellationToken: cancellation));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();

    // What Redis still has is kept first: it may be gone when an operator says to go on.
    private async Task KeepAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation)
    {
        await using var transaction = await session.BeginTransactionAsync(cancellation);
        await LedgerRecovery.HandInAsync(session, transaction, partition, entries, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static (JournalId Id, string Reason)? FindLoss(JournalId from, List<JournalId> ids, List<int> dead)
    {
        var last = from;
        foreach (var id in ids)
        {
            if (!id.IsNextOf(last))
                return (last, $"the entries between {last} and {id} are nowhere");
            last = id;
        }

        if (dead.Count == 0)
            return null;
        var writers = string.Join(", ", dead.Select(writer => writer.ToString(CultureInfo.InvariantCulture)));
        return (last, $"what writers {writers} committed last went with them, if they did");
    }
}
