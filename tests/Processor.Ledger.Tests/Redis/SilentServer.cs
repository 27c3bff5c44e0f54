using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Processor.Ledger.Tests;

/// <summary>A Redis that lets connections in and is in no Cluster, and that a test can have fall silent.</summary>
internal sealed partial class SilentServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> sockets = [];
    private readonly Lock gate = new();
    private volatile bool isSilent;
    private int entered;

    internal SilentServer()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    internal EndPoint Endpoint => listener.LocalEndpoint;

    /// <summary>Connections that were let in.</summary>
    internal int Entered => Volatile.Read(ref entered);

    /// <summary>Answers nothing any more, and breaks nothing.</summary>
    internal void FallSilent() => isSilent = true;

    /// <summary>Answers those that come from now on; what was not answered never is.</summary>
    internal void SpeakAgain()
    {
        isSilent = false;
        lock (gate)
        {
            foreach (var socket in sockets)
                socket.Dispose();
            sockets.Clear();
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        SpeakAgain();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync();
                lock (gate)
                    sockets.Add(socket);
                _ = AnswerAsync(socket);
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // The test has ended it.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) is > 0 and var length)
            {
                foreach (Match command in Commands().Matches(Encoding.ASCII.GetString(buffer, 0, length)))
                {
                    if (!isSilent)
                        await socket.SendAsync(ReplyTo(command.Value));
                }
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // Either side has ended it.
        }
    }

    private byte[] ReplyTo(string command)
    {
        switch (command)
        {
            case "SETNAME":
                Interlocked.Increment(ref entered);
                return "+OK\r\n"u8.ToArray();
            case "CLUSTER":
                return "-ERR This instance has cluster support disabled\r\n"u8.ToArray();
            default:
                return "+PONG\r\n"u8.ToArray();
        }
    }

    [GeneratedRegex("SETNAME|CLUSTER|PING")]
    private static partial Regex Commands();
}
