using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Processor.Ledger.Tests;

/// <summary>A way to Redis that a test stops, so that a large call is stuck in the middle of being sent, and then breaks.</summary>
internal sealed class StuckLine : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> sockets = [];
    private readonly Lock gate = new();
    private readonly int target;
    private volatile bool isStuck;

    internal StuckLine(int target)
    {
        this.target = target;
        listener.Start();
        _ = AcceptAsync();
    }

    internal string ConnectionString =>
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port},abortConnect=false");

    /// <summary>Bytes that wait to be taken on.</summary>
    internal int Waiting
    {
        get
        {
            lock (gate)
                return sockets.Sum(socket => socket.Available);
        }
    }

    /// <summary>Takes at most one piece more of each connection.</summary>
    internal void Stop() => isStuck = true;

    /// <summary>Resets all connections, and takes no new one.</summary>
    public void Dispose()
    {
        listener.Dispose();
        lock (gate)
        {
            foreach (var socket in sockets)
                socket.Close(0);
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync();
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(IPAddress.Loopback, target);
                lock (gate)
                    sockets.AddRange([client, server]);
                _ = RelayAsync(client, server, mayStick: true);
                _ = RelayAsync(server, client, mayStick: false);
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // The test has ended it.
        }
    }

    private async Task RelayAsync(Socket source, Socket sink, bool mayStick)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (!(mayStick && isStuck))
            {
                var length = await source.ReceiveAsync(buffer);
                if (length == 0)
                    return;
                await sink.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // Broken by the test.
        }
    }
}
