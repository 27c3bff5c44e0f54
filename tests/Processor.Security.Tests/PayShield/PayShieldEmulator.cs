using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Processor.Security.Tests;

/// <summary>A device's host port on a free loopback port. It answers at once and rightly, unless a test says what becomes of each command.</summary>
internal sealed class PayShieldEmulator : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Socket, bool> sockets = new();
    private readonly int headerLength;
    private readonly bool countsHeader;
    private readonly X509Certificate2? certificate;
    private readonly Task accepting;
    private int received;

    internal PayShieldEmulator(int headerLength = 8, bool countsHeader = true, X509Certificate2? certificate = null)
    {
        (this.headerLength, this.countsHeader, this.certificate) = (headerLength, countsHeader, certificate);
        listener.Start();
        accepting = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    internal EmulatorDevice Device { get; } = new();

    /// <summary>What becomes of a command, and in which order; null to answer.</summary>
    internal Func<EmulatorExchange, Task>? Handle { get; set; }

    /// <summary>The one certificate that whoever connects must have; null when the device does not ask for one.</summary>
    internal X509Certificate2? Client { get; init; }

    /// <summary>Commands that have come.</summary>
    internal int Received => Volatile.Read(ref received);

    /// <summary>The last frame that came, whole.</summary>
    internal byte[] LastFrame { get; private set; } = [];

    /// <summary>Ends every connection, with whatever was on its way.</summary>
    internal void Kill()
    {
        foreach (var socket in sockets.Keys)
            socket.Close(0);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        Kill();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                socket.NoDelay = true;
                serving.Add(ServeAsync(socket));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        sockets[socket] = true;
        try
        {
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (certificate is not null)
            {
                var secured = new SslStream(stream);
                stream = secured;
                await secured.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificate = certificate,
                        ClientCertificateRequired = Client is not null,
                        RemoteCertificateValidationCallback = (_, theirs, _, _) => Client is null || theirs?.GetCertHashString() == Client.GetCertHashString(),
                    },
                    stopping.Token);
            }

            await using (stream)
                await ServeAsync(stream, socket);
        }
        catch (Exception end) when (stopping.IsCancellationRequested
            || end is IOException or SocketException or ObjectDisposedException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The other side went away, or the test cut the line.
        }
        finally
        {
            sockets.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    private async Task ServeAsync(Stream stream, Socket socket)
    {
        var length = new byte[2];
        while (true)
        {
            await stream.ReadExactlyAsync(length, stopping.Token);
            var rest = new byte[BinaryPrimitives.ReadUInt16BigEndian(length) + (countsHeader ? 0 : headerLength)];
            await stream.ReadExactlyAsync(rest, stopping.Token);
            LastFrame = [.. length, .. rest];
            var answer = Device.Answer(rest[headerLength..]);
            var exchange = new EmulatorExchange(stream, socket, rest[..headerLength], rest[headerLength..], answer, countsHeader);
            Interlocked.Increment(ref received);
            await (Handle?.Invoke(exchange) ?? exchange.SendAsync());
        }
    }
}
