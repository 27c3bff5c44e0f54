using Microsoft.AspNetCore.Connections.Features;

namespace Processor.Switch.Tests;

/// <summary>One connection over pipes.</summary>
internal sealed class PipeLine(Peer peer) : IConnectionLifetimeNotificationFeature, IDisposable
{
    private readonly CancellationTokenSource stopping = new();

    public Peer Peer => peer;

    /// <summary>Ends when the switch has closed the connection.</summary>
    public Task Served { get; set; } = Task.CompletedTask;

    public CancellationToken ConnectionClosedRequested
    {
        get => stopping.Token;
        set => throw new NotSupportedException("The test decides.");
    }

    /// <summary>The host stops.</summary>
    public void RequestClose() => stopping.Cancel();

    public void Dispose() => stopping.Dispose();
}
