using System.Globalization;
using Npgsql;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Host;

/// <summary>Prints what Redis, Postgres and the host at this configuration's port know of each partition. Without Postgres it prints the rest.</summary>
internal static class LedgerStatus
{
    private const string NotKnown = "?";

    internal static async Task<int> RunAsync(ProcessorOptions options, RecordsDatabase database, TextWriter output, CancellationToken cancellation)
    {
        var host = await HostFigures.ReadAsync(options, cancellation);
        var records = await ReadAsync(new PartitionQueries(database), output, cancellation);
        if (records is { Partitions.Count: 0 })
        {
            await output.WriteLineAsync("No host has joined this ledger yet.");
            return 1;
        }

        var count = records?.Partitions.Count ?? host?.Partitions ?? options.Partitions;
        using var reader = await LedgerReader.OpenAsync(options.Redis, count, TimeProvider.System);
        await output.WriteLineAsync(Row(
            "partition", "epoch", "in Redis", "newest entry", "entries", "bytes", "recorded", "projected", "recorder lag", "projector lag", "exceptions"));
        var isWell = records is { Losses.Count: 0 };
        for (var partition = 0; partition < count; partition++)
            isWell &= await DescribeAsync(records?.Partitions[partition], await reader.MeasureAsync(partition), partition, output);
        await output.WriteLineAsync();
        if (records is not null)
            await DescribeAsync(records, output);
        await output.WriteLineAsync(host?.ToString() ?? "no host answers at " + HostFigures.UrlOf(options));
        return isWell ? 0 : 1;
    }

    private static async Task<RecordsView?> ReadAsync(PartitionQueries queries, TextWriter output, CancellationToken cancellation)
    {
        try
        {
            return new RecordsView(await queries.ListAsync(cancellation), await queries.ListOpenLossesAsync(cancellation), await queries.CountAsync(cancellation));
        }
        catch (Exception problem) when (problem is NpgsqlException and not PostgresException or TimeoutException)
        {
            await output.WriteLineAsync($"Postgres does not answer: {problem.Message} This is what Redis and the host know.");
            return null;
        }
    }

    /// <returns>True when the partition is as it should be, as far as that is known.</returns>
    private static async Task<bool> DescribeAsync(PartitionProgress? known, PartitionMeasure measure, int partition, TextWriter output)
    {
        var isRight = known is null
            ? measure.Epoch is not null
            : known.State == PartitionState.Ready && measure.Epoch == Text(known.Epoch) && measure.End >= known.Recorded && known.Exceptions == 0;
        await output.WriteLineAsync(Row(
            Text(partition), known is null ? NotKnown : Text(known.Epoch), measure.Epoch ?? "none", measure.End.ToString(), Text(measure.Entries), Text(measure.Bytes),
            known?.Recorded.ToString() ?? NotKnown, known?.Projected.ToString() ?? NotKnown,
            known is null ? NotKnown : Age(known.DrainedAt), Age(measure.ProjectedThrough), known is null ? NotKnown : Text(known.Exceptions)) + (isRight ? "" : "  << look here"));
        if (known is { State: not PartitionState.Ready })
            await output.WriteLineAsync($"           {(known.State == PartitionState.Lost ? "is rebuilt" : "waits for: processor ledger rebuild " + Text(known.Partition))}: {known.Reason}");
        return isRight;
    }

    private static async Task DescribeAsync(RecordsView records, TextWriter output)
    {
        foreach (var loss in records.Losses)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"partition {loss.Partition}: what was acknowledged behind entry {loss.Last} of epoch {loss.Last.Epoch} may be lost, found {loss.FoundAt:yyyy-MM-dd HH:mm:ss}Z: {loss.Reason}"));
        }

        await output.WriteLineAsync($"accounts {Text(records.Counts.Accounts)}, open holds {Text(records.Counts.OpenHolds)}");
    }

    private static string Row(params string[] cells)
    {
        int[] widths = [9, 5, 8, 16, 9, 12, 16, 16, 12, 13, 10];
        return string.Join("  ", cells.Select((cell, index) => cell.PadLeft(widths[index])));
    }

    private static string Age(DateTimeOffset? moment)
    {
        if (moment is not { } then)
            return "never";
        var age = TimeProvider.System.GetUtcNow() - then;
        return age < TimeSpan.FromSeconds(100) ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.0} s") : string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min");
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record RecordsView(IReadOnlyList<PartitionProgress> Partitions, IReadOnlyList<OpenLoss> Losses, (long Accounts, long OpenHolds) Counts);
}
