namespace Processor.Records;

/// <summary>How far each partition of the ledger is recorded and projected.</summary>
public sealed class PartitionQueries(RecordsDatabase database)
{
    private const string ListSql = """
        select known.partition, known.epoch, known.state, known.reason, recorded.drained_at,
            recorded.epoch as recorded_epoch, recorded.seq as recorded_seq, projected.epoch as projected_epoch, projected.seq as projected_seq,
            (select count(*) from journal_exception as exception where exception.partition = known.partition) as exceptions
        from ledger_partition as known
        join journal_position as recorded using (partition)
        join projector_position as projected using (partition)
        order by known.partition
        """;

    private const string OpenLossesSql = """
        select partition, epoch, seq, reason, found_at from ledger_loss where accepted_at is null order by partition, epoch, seq
        """;

    private const string CountsSql = """
        select (select count(*) from account_state) as accounts, coalesce(sum(open_holds), 0)::bigint as open_holds from account_state
        """;

    /// <summary>All partitions, by number; none when no host ever joined.</summary>
    public Task<IReadOnlyList<PartitionProgress>> ListAsync(CancellationToken cancellation) =>
        database.ListAsync<PartitionProgress>(ListSql, parameters: null, cancellation);

    /// <summary>Losses that no operator has accepted yet.</summary>
    public Task<IReadOnlyList<OpenLoss>> ListOpenLossesAsync(CancellationToken cancellation) =>
        database.ListAsync<OpenLoss>(OpenLossesSql, parameters: null, cancellation);

    /// <summary>Accounts, and holds that hold, as far as they are projected.</summary>
    public Task<(long Accounts, long OpenHolds)> CountAsync(CancellationToken cancellation) =>
        database.FindAsync<(long Accounts, long OpenHolds)>(CountsSql, new { }, cancellation);
}
