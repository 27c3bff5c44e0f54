using System.Net.Sockets;

namespace Processor.Cli.Network;

/// <summary>Opens the sockets of the tool.</summary>
internal static class EndpointSocket
{
    /// <summary>Connects with small packets sent at once.</summary>
    /// <exception cref="IOException">It did not come about in time; the message names the endpoint.</exception>
    public static async Task<Socket> ConnectAsync(
        Endpoint endpoint, TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = new CancellationTokenSource(patience, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await socket.ConnectAsync(endpoint.Host, endpoint.Port, both.Token);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"No connection to {endpoint}: {exception.Message}.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new IOException($"No connection to {endpoint} within {patience.TotalSeconds:0.#} s.", exception);
        }
    }
}
