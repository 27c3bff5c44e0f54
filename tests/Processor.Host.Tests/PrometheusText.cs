using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Processor.Host.Tests;

/// <summary>Reads the Prometheus text format, version 0.0.4, as strictly as it is written.</summary>
internal static partial class PrometheusText
{
    /// <summary>The samples by name and labels. Fails on anything that the format does not allow.</summary>
    internal static Dictionary<string, double> Parse(string text)
    {
        var samples = new Dictionary<string, double>();
        var types = new Dictionary<string, string>();
        string? helped = null;
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                helped = help.Groups["name"].Value;
                continue;
            }

            if (Type().Match(line) is { Success: true } type)
            {
                Assert.Equal(helped, type.Groups["name"].Value);
                Assert.True(types.TryAdd(type.Groups["name"].Value, type.Groups["type"].Value), $"A second time: {line}");
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"Not a sample: {line}");
            Assert.True(Belongs(sample.Groups["name"].Value, helped!, types), $"Below the type of {helped}: {line}");
            Assert.True(samples.TryAdd(sample.Groups["key"].Value, Number(sample.Groups["value"].Value)), $"A second time: {line}");
        }

        return samples;
    }

    private static bool Belongs(string name, string helped, Dictionary<string, string> types) => types[helped] == "histogram"
        ? name == helped + "_bucket" || name == helped + "_sum" || name == helped + "_count"
        : name == helped;

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_][a-zA-Z0-9_]*) ([^\\]|\\\\|\\n)*$")]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_][a-zA-Z0-9_]*) (?<type>counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<key>(?<name>[a-zA-Z_][a-zA-Z0-9_]*)(\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*")*\})?) (?<value>\S+)$""")]
    private static partial Regex Sample();
}
