using System.Globalization;
using System.Text;
using Processor.Cli.Load;

namespace Processor.Cli.Reports;

/// <summary>A load as one HTML page that needs nothing else: figures, the latency curve, and how the run went over time. It holds no card.</summary>
internal static class LoadReport
{
    // A shorter piece of a second at the end says little about a rate.
    private const double SecondMin = 0.5;

    // A second stands at its middle.
    private const double Half = 0.5;

    /// <summary>The page, well-formed as XML too.</summary>
    public static string Html(LoadResult result)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        page.Append("<title>Processor load report</title>\n<style>\n").Append(LoadReportStyle.Css).Append("</style>\n</head>\n<body>\n<main>\n");
        AppendHead(page, result);
        AppendFigures(page, result);
        AppendSection(page, "Latency by percentile", LatencyNote(result.Plan), LatencyCurve(result.Totals.Latency));
        var seconds = result.Seconds.Where(second => second.Latency.Count > 0 || second.Sent > 0).ToArray();
        AppendSection(page, "Throughput over time", "Answers a second, second by second.", ThroughputChart(result, seconds));
        AppendSection(page, "Latency over time", "Of the requests answered in each second.", LatencyChart(seconds));
        AppendCodes(page, result);
        page.Append("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void AppendHead(StringBuilder page, LoadResult result)
    {
        string started = result.StartedAt.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        page.Append(CultureInfo.InvariantCulture, $"<header>\n<h1>Load report</h1>\n<p>{Chart.Text(LoadText.Traffic(result.Plan))}</p>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Chart.Text(result.Plan.Endpoint.ToString())}, {result.Plan.Connections} connections, {started}</p>\n</header>\n");
    }

    private static void AppendFigures(StringBuilder page, LoadResult result)
    {
        var latency = result.Totals.Latency;
        page.Append("<section class=\"figures\">\n");
        AppendFigure(page, "answered", Number(result.Totals.Answered), $"of {Number(result.Totals.Sent)} sent", isBad: false);
        AppendFigure(page, "throughput", string.Create(CultureInfo.InvariantCulture, $"{result.Throughput:N0}/s"), "", isBad: false);
        foreach (var (name, percent) in LoadText.Percentiles)
            AppendFigure(page, name, Duration.Of(latency.Percentile(percent)), "", isBad: false);
        long missing = result.Unanswered + result.Unsent;
        string detail = result.Unsent > 0 ? $"{Number(result.Unsent)} of them never sent" : "";
        AppendFigure(page, "unanswered", Number(missing), detail, isBad: missing > 0);
        page.Append("</section>\n");
    }

    private static void AppendFigure(StringBuilder page, string name, string value, string detail, bool isBad) => page.Append(
        CultureInfo.InvariantCulture,
        $"<div{(isBad ? " class=\"bad\"" : "")}><small>{name}</small><strong>{Chart.Text(value)}</strong><small>{Chart.Text(detail)}</small></div>\n");

    private static void AppendSection(StringBuilder page, string title, string note, string chart) =>
        page.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>{title}</h2>\n<p class=\"note\">{note}</p>\n{chart}</section>\n");

    private static string LatencyNote(LoadPlan plan) => plan.Rate > 0
        ? "From the moment each request was due, so that a stall counts for all who waited. Each step to the right is ten times rarer."
        : "From the moment each request was sent. Each step to the right is ten times rarer.";

    private static string LatencyCurve(LatencyHistogram latency)
    {
        double nines = Math.Max(2, Math.Log10(Math.Max(latency.Count, 1)));
        var points = new List<(double, double, string)>();
        for (double place = 0; place <= nines; place += nines / 80)
        {
            double percent = 100 * (1 - Math.Pow(10, -place));
            long value = latency.Percentile(percent);
            points.Add((percent, value, string.Create(CultureInfo.InvariantCulture, $"{percent:0.#####} %: {Duration.Of(value)}")));
        }

        return Chart.Draw(
            "Latency by percentile",
            Axis.Percentile("percentile", nines),
            Axis.Logarithmic("latency", latency.Percentile(0), latency.Max),
            [new("latency", "one", points, IsFilled: true)]);
    }

    private static string ThroughputChart(LoadResult result, LoadSecond[] seconds)
    {
        var whole = seconds.Where((second, index) => second.Time - (index == 0 ? 0 : seconds[index - 1].Time) >= SecondMin).ToArray();
        double last = seconds.Length == 0 ? 1 : seconds[^1].Time;
        List<ChartLine> lines =
        [
            new(
                "answered", "one",
                [.. whole.Select(second => (second.Time - Half, second.Rate, string.Create(CultureInfo.InvariantCulture, $"{second.Time:0} s: {second.Rate:N0}/s")))],
                IsFilled: true),
        ];
        if (result.Plan.Rate > 0)
            lines.Add(new("due", "due", [(0, result.Plan.Rate, ""), (last, result.Plan.Rate, "")]));
        double most = whole.Select(second => second.Rate).Append(result.Plan.Rate).Max();
        return Chart.Draw(
            "Throughput over time", Axis.Time("seconds", 0, last), Axis.Linear("answers a second", most * 1.05), lines);
    }

    private static string LatencyChart(LoadSecond[] seconds)
    {
        var answered = seconds.Where(second => second.Latency.Count > 0).ToArray();
        double last = seconds.Length == 0 ? 1 : seconds[^1].Time;
        (string Name, double Percent, string Look)[] kinds = [("max", 100, "three"), ("p99", 99, "two"), ("p50", 50, "one")];
        var lines = kinds.Select(kind => new ChartLine(kind.Name, kind.Look, [.. answered.Select(second =>
        {
            long value = second.Latency.Percentile(kind.Percent);
            return (Math.Max(second.Time - Half, 0), (double)value, string.Create(CultureInfo.InvariantCulture, $"{second.Time:0} s: {kind.Name} {Duration.Of(value)}"));
        })]));
        double least = answered.Select(second => (double)second.Latency.Percentile(50)).DefaultIfEmpty(1).Min();
        double most = answered.Select(second => (double)second.Latency.Max).DefaultIfEmpty(1).Max();
        return Chart.Draw("Latency over time", Axis.Time("seconds", 0, last), Axis.Logarithmic("latency", least, most), [.. lines]);
    }

    private static void AppendCodes(StringBuilder page, LoadResult result)
    {
        page.Append("<section>\n<h2>Answers</h2>\n<table>\n<thead><tr><th>DE 39</th><th>meaning</th><th>count</th><th>share</th></tr></thead>\n<tbody>\n");
        foreach (var (code, count) in result.Totals.Codes.ToDictionary())
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Chart.Text(code)}</td><td>{Chart.Text(LoadText.MeaningOf(code))}</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td>{Number(count)}</td><td>{LoadText.Share(count, result.Totals.Answered)}</td></tr>\n");
        }

        page.Append("</tbody>\n</table>\n");
        if (result.Plan.Rate > 0)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<p class=\"note\">The generator sent {Chart.Text(Duration.Of(result.Totals.Lateness.Percentile(50)))} (p50) and {Chart.Text(Duration.Of(result.Totals.Lateness.Percentile(99)))} (p99) after the due time; the latencies contain this. ");
            page.Append(CultureInfo.InvariantCulture, $"Unmatched answers {Number(result.Totals.Unmatched)}, unreadable {Number(result.Totals.Unreadable)}, lost connections {Number(result.Totals.Disconnects)}.</p>\n");
        }

        page.Append("</section>\n");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
