using System.Globalization;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Host;

/// <summary>Compares Redis with Postgres, account by account, and the books with zero.</summary>
internal static class LedgerVerification
{
    internal static async Task<int> RunAsync(ProcessorOptions options, RecordsDatabase database, TimeSpan patience, TextWriter output, CancellationToken cancellation)
    {
        var partitions = await new PartitionQueries(database).ListAsync(cancellation);
        if (partitions.Count == 0)
        {
            await output.WriteLineAsync("No host has joined this ledger yet.");
            return 1;
        }

        var books = await new BooksCheck(database).RunAsync(cancellation);
        using var reader = await LedgerReader.OpenAsync(options.Redis, partitions.Count, TimeProvider.System);
        var (accounts, differences) = await new LedgerComparison(database, reader, TimeProvider.System).RunAsync(patience, cancellation);
        foreach (var finding in books.Concat(differences))
            await output.WriteLineAsync(finding.ToString());
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{accounts} accounts compared: {differences.Count} differences; books: {books.Count} findings"));
        return books.Count + differences.Count == 0 ? 0 : 1;
    }
}
