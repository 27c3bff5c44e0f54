using System.Globalization;
using Npgsql;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Host;

/// <summary>The words <c>ledger …</c> of the host's program: for operators, while hosts serve the ledger.</summary>
internal static class LedgerCommand
{
    internal const string Usage = """
        usage: processor ledger status             partitions with epochs, journal, recorder, projector; figures of the host here
               processor ledger verify [SECONDS]   compares Redis with Postgres and the books with zero, also while traffic runs;
                                                   SECONDS (30) is how long the recorder is waited for
               processor ledger rebuild PARTITION  has the hosts rebuild a partition from the records and what they still have; where
                                                   something acknowledged is lost, this accepts the loss

        The exit status is 0 when everything is as it should be, 1 when it is not, 2 when that could not be found out.
        """;

    /// <summary>Runs one command.</summary>
    /// <param name="words">What stands behind <c>ledger</c>.</param>
    /// <param name="configuration">Where the stores are.</param>
    /// <param name="output">Takes what is found.</param>
    /// <param name="error">Takes what went wrong.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit status.</returns>
    internal static async Task<int> RunAsync(IReadOnlyList<string> words, IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            var options = ProcessorOptions.Read(configuration);
            await using var database = new RecordsDatabase(new RecordsSettings { Postgres = options.Postgres, ConnectionsMax = 4 });
            switch (words)
            {
                case [] or ["status"]:
                    return await LedgerStatus.RunAsync(options, database, output, cancellation);
                case ["verify"]:
                    return await LedgerVerification.RunAsync(options, database, TimeSpan.FromSeconds(30), output, cancellation);
                case ["verify", var text] when double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600:
                    return await LedgerVerification.RunAsync(options, database, TimeSpan.FromSeconds(seconds), output, cancellation);
                case ["rebuild", var text] when short.TryParse(text, CultureInfo.InvariantCulture, out var partition):
                    return await OrderRebuildAsync(new LedgerRecovery(database), partition, output, cancellation);
                default:
                    await error.WriteLineAsync(Usage);
                    return 2;
            }
        }
        catch (Exception problem) when (problem is InvalidOperationException or LedgerUnavailableException or NpgsqlException or TimeoutException)
        {
            await error.WriteLineAsync(problem.Message);
            return 2;
        }
    }

    private static async Task<int> OrderRebuildAsync(LedgerRecovery recovery, short partition, TextWriter output, CancellationToken cancellation)
    {
        var isOrdered = await recovery.OrderAsync(partition, cancellation);
        await output.WriteLineAsync(isOrdered
            ? $"Partition {partition} will be rebuilt by the hosts that run; meanwhile it answers 91. See processor ledger status."
            : $"There is no partition {partition}.");
        return isOrdered ? 0 : 1;
    }
}
