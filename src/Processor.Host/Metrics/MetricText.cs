using System.Globalization;
using System.Text;

namespace Processor.Host;

/// <summary>Names, labels and figures in the Prometheus text format, version 0.0.4.</summary>
internal static class MetricText
{
    internal const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The name of a metric: <c>processor.switch.latency</c> in seconds is <c>processor_switch_latency_seconds</c>.</summary>
    internal static string NameOf(string instrument, string? unit, MetricKind kind)
    {
        var name = Clean(instrument);
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            _ => "",
        };
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
            name += suffix;
        return kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>Tags as labels, escaped, in the order of their names.</summary>
    internal static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var sorted = tags.ToArray();
        Array.Sort(sorted, (first, second) => string.CompareOrdinal(first.Key, second.Key));
        var text = new StringBuilder();
        foreach (var (key, value) in sorted)
        {
            if (text.Length > 0)
                text.Append(',');
            text.Append(Clean(key)).Append("=\"").Append(EscapeValue(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return text.ToString();
    }

    /// <summary>A figure.</summary>
    internal static string Number(double figure) => figure switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => figure.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>A whole family, its help and type first.</summary>
    internal static void Write(StringBuilder text, MetricFamily family)
    {
        var series = family.List();
        if (series.Length == 0)
            return;
        text.Append("# HELP ").Append(family.Name).Append(' ').Append(EscapeHelp(family.Help)).Append('\n');
        text.Append("# TYPE ").Append(family.Name).Append(' ').Append(WordOf(family.Kind)).Append('\n');
        foreach (var one in series)
        {
            if (family.Kind == MetricKind.Histogram)
                WriteBuckets(text, family, one);
            else
                WriteLine(text, family.Name, one.Labels, one.Value);
        }
    }

    // A measurement may come in while this is written: the count is the sum of the buckets as they were read, so that they agree.
    private static void WriteBuckets(StringBuilder text, MetricFamily family, MetricSeries series)
    {
        var sum = series.Value;
        long count = 0;
        for (var bucket = 0; bucket <= family.Bounds.Length; bucket++)
        {
            count += series.CountOf(bucket);
            var bound = bucket < family.Bounds.Length ? family.Bounds[bucket] : double.PositiveInfinity;
            var labels = $"{series.Labels}{(series.Labels.Length > 0 ? "," : "")}le=\"{Number(bound)}\"";
            WriteLine(text, family.Name + "_bucket", labels, count);
        }

        WriteLine(text, family.Name + "_sum", series.Labels, sum);
        WriteLine(text, family.Name + "_count", series.Labels, count);
    }

    private static void WriteLine(StringBuilder text, string name, string labels, double figure)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(figure)).Append('\n');
    }

    // [a-zA-Z_][a-zA-Z0-9_]*
    private static string Clean(string name)
    {
        var text = new StringBuilder(name);
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsAsciiLetterOrDigit(text[index]))
                text[index] = '_';
        }

        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? "_" + text : text.ToString();
    }

    private static string EscapeValue(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeHelp(string help) =>
        help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string WordOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        MetricKind.Histogram => "histogram",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No word."),
    };
}
