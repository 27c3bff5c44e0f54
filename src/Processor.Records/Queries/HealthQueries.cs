using System.Data.Common;
using System.Net.Sockets;

namespace Processor.Records;

/// <summary>Whether Postgres answers.</summary>
public sealed class HealthQueries(RecordsDatabase database)
{
    private const string Sql = "select 1";

    /// <summary>Asks Postgres something small.</summary>
    /// <returns>False when it refused, or did not answer before the token ended the wait.</returns>
    public async Task<bool> IsReachableAsync(CancellationToken cancellation)
    {
        try
        {
            return await database.FindAsync<int>(Sql, new { }, cancellation) == 1;
        }
        catch (Exception problem) when (problem is DbException or SocketException or TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }
}
