using Processor.Cards;

namespace Processor.Records;

/// <summary>Idempotency keys in Postgres: who carries a request out, and what was answered.</summary>
public sealed class IdempotencyKeyQueries(RecordsDatabase database)
{
    // A key that is too old to count is begun afresh. One that was begun and left is taken over by the same request, and keeps
    // the identifier of what it makes. Otherwise nothing is returned.
    private const string BeginSql = """
        insert into idempotency_key as known (program, key, request_hash, started_at, resource_type, resource_id)
        values (@program, @key, @requestHash, @now, @resourceType, @resourceId)
        on conflict (program, key) do update set
            resource_id = case when known.started_at < @forgottenBefore then excluded.resource_id else known.resource_id end,
            resource_type = excluded.resource_type,
            request_hash = excluded.request_hash,
            started_at = excluded.started_at,
            finished_at = null,
            status = null,
            body = null
        where known.started_at < @forgottenBefore
            or (known.finished_at is null and known.started_at < @abandonedBefore and known.request_hash = excluded.request_hash)
        returning request_hash, started_at, finished_at, status, body, resource_type, resource_id
        """;

    private const string FindSql = """
        select request_hash, started_at, finished_at, status, body, resource_type, resource_id
        from idempotency_key
        where program = @program and key = @key
        """;

    // Only whoever began it last may finish it.
    private const string FinishSql = """
        update idempotency_key set finished_at = @now, status = @status, body = @body
        where program = @program and key = @key and started_at = @startedAt and finished_at is null
        """;

    private const string LeaveSql = """
        update idempotency_key set started_at = @abandonedBefore
        where program = @program and key = @key and started_at = @startedAt and finished_at is null
        """;

    private const string ForgetSql = "delete from idempotency_key where started_at < @before";

    /// <summary>Begins a request under a key, or takes over one that was left.</summary>
    /// <param name="program">Number of the program; keys of programs do not meet.</param>
    /// <param name="key">1 to 255 characters.</param>
    /// <param name="requestHash">SHA-256 of the request.</param>
    /// <param name="resourceType">The kind of what it makes or changes.</param>
    /// <param name="resourceId">What a new request makes or changes.</param>
    /// <param name="now">The present.</param>
    /// <param name="abandonedBefore">A request begun before this and not finished has been left.</param>
    /// <param name="forgottenBefore">A key of before this counts no more.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The key as begun, or null when another request has it: see <see cref="FindAsync"/>.</returns>
    public Task<IdempotencyKey?> BeginAsync(
        int program,
        string key,
        byte[] requestHash,
        string resourceType,
        Ulid resourceId,
        DateTimeOffset now,
        DateTimeOffset abandonedBefore,
        DateTimeOffset forgottenBefore,
        CancellationToken cancellation) =>
        database.FindAsync<IdempotencyKey>(BeginSql, new { program, key, requestHash, resourceType, resourceId, now, abandonedBefore, forgottenBefore }, cancellation);

    /// <summary>The key as it stands, or null.</summary>
    public Task<IdempotencyKey?> FindAsync(int program, string key, CancellationToken cancellation) =>
        database.FindAsync<IdempotencyKey>(FindSql, new { program, key }, cancellation);

    /// <summary>Stores the answer, unless another request has taken the key over.</summary>
    public Task FinishAsync(int program, string key, DateTimeOffset startedAt, short status, byte[] body, DateTimeOffset now, CancellationToken cancellation) =>
        database.ExecuteAsync(FinishSql, new { program, key, startedAt, status, body, now }, cancellation);

    /// <summary>Leaves a request unfinished, so that the next one under the key takes it over at once.</summary>
    /// <param name="program">Number of the program.</param>
    /// <param name="key">The key.</param>
    /// <param name="startedAt">When this request began it.</param>
    /// <param name="abandonedBefore">A time before which a request counts as left.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task LeaveAsync(int program, string key, DateTimeOffset startedAt, DateTimeOffset abandonedBefore, CancellationToken cancellation) =>
        database.ExecuteAsync(LeaveSql, new { program, key, startedAt, abandonedBefore }, cancellation);

    /// <summary>Forgets the keys that were begun before a moment.</summary>
    /// <returns>How many.</returns>
    public Task<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellation) => database.ExecuteAsync(ForgetSql, new { before }, cancellation);
}
