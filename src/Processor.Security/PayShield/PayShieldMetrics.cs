using System.Diagnostics.Metrics;

namespace Processor.Security;

/// <summary>The meter <c>Processor.Security</c>: what becomes of commands to a device. Nothing of a card or a key is a tag.</summary>
internal sealed class PayShieldMetrics : IDisposable
{
    internal const string MeterName = "Processor.Security";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> commands;
    private readonly Counter<long> late;
    private readonly Counter<long> malformed;
    private readonly Counter<long> lost;
    private long lateCount;
    private long malformedCount;
    private long lostCount;
    private long openLines;

    internal PayShieldMetrics(CircuitBreaker breaker)
    {
        commands = meter.CreateCounter<long>("processor.hsm.commands", unit: "{command}", description: "Commands to the security module by outcome.");
        late = meter.CreateCounter<long>("processor.hsm.late", unit: "{answer}", description: "Answers that came after their timeout and were thrown away.");
        malformed = meter.CreateCounter<long>("processor.hsm.malformed", unit: "{answer}", description: "Answers that could not be read, or that nobody asked for.");
        lost = meter.CreateCounter<long>("processor.hsm.lines_lost", unit: "{connection}", description: "Connections that ended or could not be made.");
        meter.CreateObservableUpDownCounter("processor.hsm.lines", () => OpenLines, unit: "{connection}", description: "Open connections.");
        meter.CreateObservableGauge("processor.hsm.breaker_open", () => breaker.IsOpen ? 1 : 0, description: "1 while the device is not asked because it does not answer.");
        foreach (var counter in new[] { late, malformed, lost })
            counter.Add(0);
    }

    internal long OpenLines => Interlocked.Read(ref openLines);

    internal long LateCount => Interlocked.Read(ref lateCount);

    internal long MalformedCount => Interlocked.Read(ref malformedCount);

    internal long LostCount => Interlocked.Read(ref lostCount);

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal void Ended(HsmStatus status) => commands.Add(1, new KeyValuePair<string, object?>("outcome", status.ToString()));

    internal void Late()
    {
        Interlocked.Increment(ref lateCount);
        late.Add(1);
    }

    internal void Malformed()
    {
        Interlocked.Increment(ref malformedCount);
        malformed.Add(1);
    }

    internal void LineLost()
    {
        Interlocked.Increment(ref lostCount);
        lost.Add(1);
    }

    internal void LineOpened() => Interlocked.Increment(ref openLines);

    internal void LineClosed() => Interlocked.Decrement(ref openLines);
}
