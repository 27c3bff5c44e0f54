using Dapper;
using Npgsql;

namespace Processor.Records;

/// <summary>Which partitions this host works on: one advisory lock each, all on one connection, gone when it breaks.</summary>
/// <remarks>The locks only keep hosts from trying the same work twice. What makes it safe is the fenced move of each position.</remarks>
internal sealed class PartitionLocks(RecordsDatabase database, int space, TimeSpan interval, TimeProvider clock) : IAsyncDisposable
{
    private const string TakeSql = "select number from unnest(@Wanted) as number where pg_try_advisory_lock(@Space, number)";

    private readonly SortedSet<int> held = [];
    private NpgsqlConnection? connection;
    private DateTimeOffset nextLook;

    /// <summary>The partitions that are held.</summary>
    internal IReadOnlyCollection<int> Held => held;

    /// <summary>Tries to take what is not held, once in an interval; that look also notices a connection that broke.</summary>
    /// <returns>How many partitions were taken.</returns>
    internal async Task<int> TakeAsync(int partitions, CancellationToken cancellation)
    {
        if (connection is not null && clock.GetUtcNow() < nextLook)
            return 0;
        try
        {
            connection ??= await database.OpenSessionAsync(cancellation);
            var wanted = Enumerable.Range(0, partitions).Where(partition => !held.Contains(partition)).ToArray();
            var taken = (await connection.QueryAsync<int>(new CommandDefinition(TakeSql, new { Wanted = wanted, Space = space }, cancellationToken: cancellation))).AsList();
            held.UnionWith(taken);
            nextLook = clock.GetUtcNow() + interval;
            return taken.Count;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        held.Clear();
        if (connection is not { } session)
            return;
        connection = null;
        await session.DisposeAsync();
    }
}
