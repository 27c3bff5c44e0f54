using System.Globalization;
using System.Text.Json;
using Processor.Cli.Load;

namespace Processor.Cli.Reports;

/// <summary>A load for programs. Latencies are in microseconds, from when each request was due.</summary>
internal static class LoadJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true };

    /// <summary>Writes a file, over one that is there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(LoadResult result, string path)
    {
        using var file = File.Create(path);
        using var writer = new Utf8JsonWriter(file, Options);
        Write(writer, result);
    }

    private static void Write(Utf8JsonWriter writer, LoadResult result)
    {
        var totals = result.Totals;
        writer.WriteStartObject();
        writer.WriteString("started", result.StartedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("dialect", result.Plan.Endpoint.Dialect.Name);
        writer.WriteNumber("rate", result.Plan.Rate);
        writer.WriteNumber("window", result.Plan.Rate > 0 ? 0 : result.Plan.Window);
        writer.WriteNumber("seconds", result.Plan.Seconds);
        writer.WriteNumber("connections", result.Plan.Connections);
        writer.WriteNumber("cards", result.Plan.Cards.Count);
        writer.WriteString("mix", result.Plan.Mix.ToString());
        writer.WriteString("pair", result.Plan.Pair switch
        {
            PairChoice.Reversal => "reversal",
            PairChoice.Completion => "completion",
            _ => "none",
        });
        writer.WriteNumber("seed", result.Plan.Seed);
        writer.WriteNumber("sent", totals.Sent);
        writer.WriteNumber("answered", totals.Answered);
        writer.WriteNumber("unanswered", result.Unanswered);
        writer.WriteNumber("unsent", result.Unsent);
        writer.WriteNumber("unmatched", totals.Unmatched);
        writer.WriteNumber("unreadable", totals.Unreadable);
        writer.WriteNumber("disconnects", totals.Disconnects);
        writer.WriteNumber("chips_judged", totals.ChipsJudged);
        writer.WriteNumber("issuers_unknown", totals.IssuersUnknown);
        writer.WriteNumber("wrong_answered", totals.WrongAnswered);
        writer.WriteNumber("wrong_approved", totals.WrongApproved);
        writer.WriteNumber("throughput", Math.Round(result.Throughput, 1));
        writer.WriteNumber("cpu_seconds", Math.Round(result.CpuSeconds, 3));
        writer.WriteStartObject("codes");
        foreach (var (code, count) in totals.Codes.ToDictionary())
            writer.WriteNumber(code, count);
        writer.WriteEndObject();
        writer.WriteStartObject("latency_us");
        WriteLatency(writer, totals.Latency);
        writer.WriteStartObject("generator_lateness_us");
        WriteLatency(writer, totals.Lateness);
        writer.WriteStartArray("series");
        foreach (var second in result.Seconds)
            WriteSecond(writer, second);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteSecond(Utf8JsonWriter writer, LoadSecond second)
    {
        writer.WriteStartObject();
        writer.WriteNumber("time", Math.Round(second.Time, 3));
        writer.WriteNumber("sent", second.Sent);
        writer.WriteNumber("answered", second.Answered);
        writer.WriteNumber("rate", Math.Round(second.Rate, 1));
        writer.WriteNumber("in_flight", second.InFlight);
        WriteLatency(writer, second.Latency);
    }

    private static void WriteLatency(Utf8JsonWriter writer, LatencyHistogram latency)
    {
        foreach (var (name, percent) in LoadText.Percentiles)
            writer.WriteNumber(name, Math.Round(latency.Percentile(percent) / 1e3, 1));
        writer.WriteEndObject();
    }
}
