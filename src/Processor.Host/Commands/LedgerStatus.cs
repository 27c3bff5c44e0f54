using System.Globalization;
using Processor.Ledger;
using Processor.Records;

namespace Processor.Host;

/// <summary>Prints what Redis, Postgres and the host at this configuration's port know of each partition.</summary>
internal static class LedgerStatus
{
    // Figures of a host that tell about its ledger; sums over their labels.
    private static readonly (string Metric, string Name)[] HostFigures =
    [
        ("processor_ledger_lanes", "lanes"),
        ("processor_ledger_waiting", "operations waiting"),
        ("processor_ledger_partitions_stopped", "partitions stopped"),
        ("processor_ledger_operations_total", "operations committed"),
        ("processor_ledger_conflicts_total", "conflicts"),
        ("processor_ledger_claims_total", "claims"),
        ("processor_ledger_resends_total", "calls sent again"),
    ];

    internal static async Task<int> RunAsync(ProcessorOptions options, RecordsDatabase database, TextWriter output, CancellationToken cancellation)
    {
        var queries = new PartitionQueries(database);
        var partitions = await queries.ListAsync(cancellation);
        if (partitions.Count == 0)
        {
            await output.WriteLineAsync("No host has joined this ledger yet.");
            return 1;
        }

        using var reader = await LedgerReader.OpenAsync(options.Redis, partitions.Count, TimeProvider.System);
        await output.WriteLineAsync(Row("partition", "epoch", "in Redis", "newest entry", "entries", "bytes", "recorded", "projected", "drained", "exceptions"));
        var isWell = true;
        foreach (var known in partitions)
        {
            var measure = await reader.MeasureAsync(known.Partition);
            var isRight = known.State == PartitionState.Ready && measure.Epoch == Text(known.Epoch) && measure.End >= known.Recorded && known.Exceptions == 0;
            isWell &= isRight;
            var drained = known.DrainedAt is { } moment ? Age(TimeProvider.System.GetUtcNow() - moment) : "never";
            await output.WriteLineAsync(Row(
                Text(known.Partition), Text(known.Epoch), measure.Epoch ?? "none", measure.End.ToString(), Text(measure.Entries), Text(measure.Bytes),
                known.Recorded.ToString(), known.Projected.ToString(), drained, Text(known.Exceptions)) + (isRight ? "" : "  << look here"));
            if (known.State != PartitionState.Ready)
                await output.WriteLineAsync($"           {(known.State == PartitionState.Lost ? "is rebuilt" : "waits for: processor ledger rebuild " + Text(known.Partition))}: {known.Reason}");
        }

        var (accounts, openHolds) = await queries.CountAsync(cancellation);
        await output.WriteLineAsync();
        await output.WriteLineAsync($"accounts {Text(accounts)}, open holds {Text(openHolds)}");
        await DescribeHostAsync(options, output, cancellation);
        return isWell ? 0 : 1;
    }

    private static async Task DescribeHostAsync(ProcessorOptions options, TextWriter output, CancellationToken cancellation)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://{options.ListenAddress}:{options.ApiPort + options.PortOffset}/metrics");
        string text;
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            text = await http.GetStringAsync(url, cancellation);
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
        {
            await output.WriteLineAsync($"no host answers at {url}");
            return;
        }

        var sums = Sum(text);
        await output.WriteLineAsync("host at " + url + ": " + string.Join(", ", HostFigures
            .Where(figure => sums.ContainsKey(figure.Metric))
            .Select(figure => figure.Name + " " + Text((long)sums[figure.Metric]))));
    }

    private static Dictionary<string, double> Sum(string metrics)
    {
        var sums = new Dictionary<string, double>();
        foreach (var line in metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var space = line.LastIndexOf(' ');
            if (line[0] == '#' || space < 0 || !double.TryParse(line.AsSpan(space + 1), CultureInfo.InvariantCulture, out var value))
                continue;
            var name = line[..space];
            var labels = name.IndexOf('{', StringComparison.Ordinal);
            name = labels < 0 ? name : name[..labels];
            sums[name] = sums.GetValueOrDefault(name) + value;
        }

        return sums;
    }

    private static string Row(params string[] cells)
    {
        int[] widths = [9, 5, 8, 16, 9, 12, 16, 16, 8, 10];
        return string.Join("  ", cells.Select((cell, index) => cell.PadLeft(widths[index])));
    }

    private static string Age(TimeSpan age) =>
        age < TimeSpan.FromSeconds(100) ? string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.0} s") : string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min");

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
