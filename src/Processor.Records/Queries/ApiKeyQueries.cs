using Processor.Cards;

namespace Processor.Records;

/// <summary>API keys in Postgres.</summary>
public sealed class ApiKeyQueries(RecordsDatabase database)
{
    private const string FindSql = """
        select api_key.id, api_key.hash, api_key.program, program.id as program_id
        from api_key join program on program.number = api_key.program
        where api_key.hash = @hash and api_key.revoked_at is null
        """;

    // A key that is there already stays, revoked or not.
    private const string AddSql = """
        insert into api_key (id, program, name, hash, created_at)
        values (@id, @program, @name, @hash, @createdAt)
        on conflict (hash) do nothing
        """;

    private const string RevokeSql = "update api_key set revoked_at = @at where id = @id and revoked_at is null";

    /// <summary>The key of that SHA-256, or null when there is none or it was revoked.</summary>
    public Task<ApiKeyRow?> FindAsync(byte[] hash, CancellationToken cancellation) => database.FindAsync<ApiKeyRow>(FindSql, new { hash }, cancellation);

    /// <summary>Adds a key by its hash. Doing it again changes nothing.</summary>
    public Task AddAsync(Ulid id, int program, string name, byte[] hash, DateTimeOffset createdAt, CancellationToken cancellation) =>
        database.ExecuteAsync(AddSql, new { id, program, name, hash, createdAt }, cancellation);

    /// <summary>Ends a key.</summary>
    public Task RevokeAsync(Ulid id, DateTimeOffset at, CancellationToken cancellation) => database.ExecuteAsync(RevokeSql, new { id, at }, cancellation);
}
