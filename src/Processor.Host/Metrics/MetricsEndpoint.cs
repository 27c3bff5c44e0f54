namespace Processor.Host;

/// <summary>What a Prometheus server reads.</summary>
internal static class MetricsEndpoint
{
    internal static void MapProcessorMetrics(this WebApplication app)
    {
        // It counts from here on, so it has to be there before anything is.
        var collector = app.Services.GetRequiredService<MetricsCollector>();
        app.MapGet("/metrics", () => TypedResults.Text(collector.Read(), MetricText.ContentType));
    }
}
