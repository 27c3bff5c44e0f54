using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Processor.Records;

/// <summary>Deletes what has had its time: idempotency keys, notices that nobody fetched, holds that were resolved long ago.</summary>
/// <remarks>Several hosts may run it at once: a row is deleted by one of them.</remarks>
public sealed class Pruner(RecordsDatabase database, RecordsSettings settings, TimeProvider clock, ILogger<Pruner> log) : BackgroundService
{
    /// <summary>Rows that one statement deletes at most.</summary>
    public const int RowsMax = 5_000;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private const string IdempotencySql = """
        delete from idempotency_key
        where ctid = any(array(select ctid from idempotency_key where started_at < @Before limit @RowsMax))
        """;

    // Batches are numbered in about the order of time, so the oldest are looked at alone.
    private const string OutboxSql = """
        delete from outbox
        where id in (select id from (select id, at from outbox order by id limit @RowsMax) as oldest where at < @Before)
        """;

    // A hold that still holds stays, whatever its age.
    private const string HoldSql = """
        delete from hold
        where ctid = any(array(select ctid from hold where created_at < @Before and resolved_at < @Before and state not in (1, 2) limit @RowsMax))
        """;

    /// <summary>Deletes everything that is old enough now.</summary>
    /// <returns>How many rows went.</returns>
    public async Task<int> RunAsync(CancellationToken cancellation) =>
        await DeleteAsync(IdempotencySql, settings.IdempotencyKeptFor, cancellation)
        + await DeleteAsync(OutboxSql, settings.OutboxKeptFor, cancellation)
        + await DeleteAsync(HoldSql, settings.HoldsKeptFor, cancellation);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                RecordsLog.Pruned(log, await RunAsync(stoppingToken));
            }
            catch (NpgsqlException problem)
            {
                RecordsLog.Waiting(log, problem, "Pruner");
            }
        }
    }

    private async Task<int> DeleteAsync(string sql, TimeSpan keptFor, CancellationToken cancellation)
    {
        var sum = 0;
        while (true)
        {
            var count = await database.ExecuteAsync(sql, new { Before = clock.GetUtcNow() - keptFor, RowsMax }, cancellation);
            sum += count;
            if (count < RowsMax)
                return sum;
        }
    }
}
