using System.Globalization;

namespace Processor.Host;

/// <summary>What the host at this configuration's port tells of itself at <c>/metrics</c>.</summary>
internal sealed class HostFigures
{
    // Counts, summed over their labels.
    private static readonly (string Metric, string Name)[] Counts =
    [
        ("processor_ledger_lanes", "lanes"),
        ("processor_ledger_waiting", "operations waiting"),
        ("processor_ledger_partitions_stopped", "partitions stopped"),
        ("processor_ledger_operations_total", "operations committed"),
        ("processor_ledger_conflicts_total", "conflicts"),
        ("processor_ledger_claims_total", "claims"),
        ("processor_ledger_resends_total", "calls sent again"),
        ("processor_ledger_journal_bytes", "journal bytes"),
        ("processor_ledger_retained_bytes", "of them kept here"),
    ];

    // Of the partition that is furthest behind.
    private static readonly (string Metric, string Name)[] Lags =
    [
        ("processor_journal_lag_seconds", "recorder lag"),
        ("processor_projection_lag_seconds", "projector lag"),
    ];

    private readonly Dictionary<string, double> sums = [];
    private readonly Dictionary<string, double> greatest = [];

    private HostFigures(string url, string metrics)
    {
        Url = url;
        foreach (var line in metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Take(line);
    }

    internal string Url { get; }

    /// <summary>Partitions of the ledger.</summary>
    internal int? Partitions => sums.TryGetValue("processor_ledger_partitions", out var count) ? (int)count : null;

    internal static string UrlOf(ProcessorOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"http://{options.ListenAddress}:{options.ApiPort + options.PortOffset}/metrics");

    /// <returns>Null when no host answers there.</returns>
    internal static async Task<HostFigures?> ReadAsync(ProcessorOptions options, CancellationToken cancellation)
    {
        var url = UrlOf(options);
        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            return new HostFigures(url, await http.GetStringAsync(url, cancellation));
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    public override string ToString() => "host at " + Url + ": " + string.Join(", ",
    [
        .. Counts.Where(figure => sums.ContainsKey(figure.Metric)).Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Name} {(long)sums[figure.Metric]}")),
        .. Lags.Where(figure => greatest.ContainsKey(figure.Metric)).Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Name} {greatest[figure.Metric]:0.0} s")),
    ]);

    private void Take(string line)
    {
        var space = line.LastIndexOf(' ');
        if (line[0] == '#' || space < 0 || !double.TryParse(line.AsSpan(space + 1), CultureInfo.InvariantCulture, out var value))
            return;
        var name = line[..space];
        var labels = name.IndexOf('{', StringComparison.Ordinal);
        name = labels < 0 ? name : name[..labels];
        sums[name] = sums.GetValueOrDefault(name) + value;
        greatest[name] = Math.Max(greatest.GetValueOrDefault(name), value);
    }
}
