using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Processor.Testing;

namespace Processor.Switch.Tests;

/// <summary>The switch on Kestrel, on a free port of the loopback address.</summary>
internal sealed class SwitchHost : IAsyncDisposable
{
    private readonly WebApplication application;
    private readonly int port;

    private SwitchHost(WebApplication application, SwitchUnderTest under, int port)
    {
        this.application = application;
        this.port = port;
        Under = under;
    }

    public SwitchUnderTest Under { get; }

    public static async Task<SwitchHost> StartAsync(Action<EndpointSettings>? configure = null)
    {
        var port = FreePorts.Take();
        var under = new SwitchUnderTest(
            endpoint =>
            {
                endpoint.Port = port;
                configure?.Invoke(endpoint);
            },
            TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenSwitch(under.Board));
        var application = builder.Build();
        await application.StartAsync();
        return new(application, under, port);
    }

    /// <summary>Connects over TCP.</summary>
    public async Task<Peer> ConnectAsync()
    {
        var socket = await ConnectSocketAsync();
        var stream = new NetworkStream(socket, ownsSocket: true);
        return new(System.IO.Pipelines.PipeReader.Create(stream), System.IO.Pipelines.PipeWriter.Create(stream), Under.Endpoint.Dialect, Under.Endpoint.Framing);
    }

    public async Task<Socket> ConnectSocketAsync(int? receiveBufferSize = null)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferSize is { } size)
            socket.ReceiveBufferSize = size;
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    /// <summary>A socket that blocks: sending and receiving on it allocates nothing.</summary>
    public Socket ConnectBlocking()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    public Task StopAsync() => application.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        Under.Dispose();
    }
}
