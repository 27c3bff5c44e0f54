using System.Diagnostics.Metrics;

namespace Processor.Api;

/// <summary>Figures of the façade: meter <c>Processor.Api</c>.</summary>
internal sealed class ApiMetrics : IDisposable
{
    private readonly Meter meter = new("Processor.Api");
    private readonly Histogram<double> seconds;

    public ApiMetrics() => seconds = meter.CreateHistogram<double>("processor_api_request_seconds", "s", "Time from the request's head to the end of its answer.");

    /// <summary>Counts a request.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="route">The route's pattern, never the path; empty when there was none.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="elapsed">How long it took.</param>
    internal void Answered(string method, string route, int status, TimeSpan elapsed) =>
        seconds.Record(elapsed.TotalSeconds, new("method", method), new("route", route), new("status", status));

    public void Dispose() => meter.Dispose();
}
