using System.Globalization;

namespace Processor.Bench;

/// <summary>What the host's <c>/metrics</c> said: Prometheus text.</summary>
internal sealed class HostMetrics
{
    /// <summary>Of a host that tells nothing.</summary>
    public static readonly HostMetrics None = new([]);

    private readonly List<(string Name, double Value)> samples;

    private HostMetrics(List<(string Name, double Value)> samples) => this.samples = samples;

    /// <summary>Reads the text; labels do not matter here and are dropped.</summary>
    public static HostMetrics Parse(string text)
    {
        var samples = new List<(string, double)>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line[0] == '#')
                continue;
            var name = line[..line.IndexOfAny(['{', ' '])];
            var rest = line[(line.LastIndexOf('}') + 1)..].TrimStart();
            var value = line.Contains('{', StringComparison.Ordinal) ? rest : line[name.Length..].TrimStart();
            if (double.TryParse(value.Split(' ')[0], CultureInfo.InvariantCulture, out var number))
                samples.Add((name, number));
        }

        return new HostMetrics(samples);
    }

    /// <summary>The sum over all labels of a metric, or not a number when there is none.</summary>
    public double Sum(string name)
    {
        var found = samples.Where(sample => sample.Name == name).ToList();
        return found.Count == 0 ? double.NaN : found.Sum(sample => sample.Value);
    }

    /// <summary>The greatest over all labels of a metric, or not a number when there is none.</summary>
    public double Max(string name) => samples.Where(sample => sample.Name == name).Select(sample => sample.Value).DefaultIfEmpty(double.NaN).Max();
}
