using System.Text.Json;

namespace Processor.Bench;

/// <summary>What <c>processor load</c> measured.</summary>
internal sealed record LoadOutcome
{
    /// <summary>Requests sent, without the warm-up.</summary>
    public required long Sent { get; init; }

    /// <summary>Requests answered.</summary>
    public required long Answered { get; init; }

    /// <summary>Requests that were due and not sent, or sent and not answered, and connections that broke.</summary>
    public required long Failed { get; init; }

    /// <summary>Chips that looked at their answer.</summary>
    public required long ChipsJudged { get; init; }

    /// <summary>Of those, chips that did not know the issuer by its answer.</summary>
    public required long IssuersUnknown { get; init; }

    /// <summary>Answers a second.</summary>
    public required double Throughput { get; init; }

    /// <summary>Answers by DE 39.</summary>
    public required IReadOnlyDictionary<string, long> Codes { get; init; }

    /// <summary>Latency by percentile, microseconds: p50, p90, p99, p99.9, max.</summary>
    public required IReadOnlyDictionary<string, double> Latency { get; init; }

    /// <summary>CPU seconds of the generator while it sent, without what it prepared before.</summary>
    public required double GeneratorCpuSeconds { get; init; }

    /// <summary>Answers that say that the issuer could not decide.</summary>
    public long Unavailable => Codes.GetValueOrDefault("91") + Codes.GetValueOrDefault("96");

    /// <summary>Reads the file that <c>--json</c> wrote.</summary>
    public static LoadOutcome Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var root = document.RootElement;
        return new LoadOutcome
        {
            Sent = root.GetProperty("sent").GetInt64(),
            Answered = root.GetProperty("answered").GetInt64(),
            Failed = Sum(root, "unanswered", "unsent", "unmatched", "unreadable", "disconnects"),
            ChipsJudged = root.GetProperty("chips_judged").GetInt64(),
            IssuersUnknown = root.GetProperty("issuers_unknown").GetInt64(),
            Throughput = root.GetProperty("throughput").GetDouble(),
            Codes = root.GetProperty("codes").EnumerateObject().ToDictionary(code => code.Name, code => code.Value.GetInt64()),
            Latency = root.GetProperty("latency_us").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetDouble()),
            GeneratorCpuSeconds = root.GetProperty("cpu_seconds").GetDouble(),
        };
    }

    private static long Sum(JsonElement root, params ReadOnlySpan<string> names)
    {
        var sum = 0L;
        foreach (var name in names)
            sum += root.GetProperty(name).GetInt64();
        return sum;
    }
}
