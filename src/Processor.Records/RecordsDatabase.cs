using Dapper;
using Npgsql;

namespace Processor.Records;

/// <summary>The database of a host: its pool of connections. The host owns and disposes it.</summary>
public sealed class RecordsDatabase : IAsyncDisposable
{
    // Statements that a connection keeps prepared; there are fewer in this project.
    private const int PreparedMax = 64;

    private readonly NpgsqlDataSource source;
    private readonly string unpooled;

    static RecordsDatabase() => DapperTypes.Register();

    /// <summary>Makes the pool; nothing connects yet.</summary>
    public RecordsDatabase(RecordsSettings settings)
    {
        var builder = new NpgsqlConnectionStringBuilder(settings.Postgres)
        {
            ApplicationName = "processor",
            MaxPoolSize = settings.ConnectionsMax,
            MaxAutoPrepare = PreparedMax,
            IncludeErrorDetail = false,
        };
        source = NpgsqlDataSource.Create(builder);
        unpooled = new NpgsqlConnectionStringBuilder(builder.ConnectionString) { Pooling = false }.ConnectionString;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => source.DisposeAsync();

    internal ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation) => source.OpenConnectionAsync(cancellation);

    /// <summary>A session of its own that ends when it is disposed, with all the locks that it has.</summary>
    internal async Task<NpgsqlConnection> OpenSessionAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(unpooled);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal async Task<int> ExecuteAsync(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    }

    internal async Task<T?> FindAsync<T>(string sql, object parameters, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        return await connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation));
    }

    internal async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellation))).AsList();
    }
}
