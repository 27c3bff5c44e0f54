using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Processor.Testing;

/// <summary>One connection through a proxy: two pipes, each in order, until either breaks.</summary>
internal sealed class ProxiedConnection(RedisProxy proxy, Socket client, CancellationToken stopping) : IDisposable
{
    // What a pipe has on its way at most, in pieces.
    private const int PiecesMax = 1_024;
    private const int PieceLength = 64 * 1024;

    private readonly Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private volatile bool isClientGone;

    /// <summary>Relays until the connection is broken.</summary>
    internal async Task ServeAsync(int target)
    {
        try
        {
            client.NoDelay = true;
            server.NoDelay = true;
            await server.ConnectAsync(IPAddress.Loopback, target, stopping).ConfigureAwait(false);
            await Task.WhenAll(RelayAsync(client, server, isReply: false), RelayAsync(server, client, isReply: true)).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Broken on purpose, or by either side: the client connects again.
        }

        Dispose();
    }

    /// <summary>Breaks both sides.</summary>
    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
    }

    private async Task RelayAsync(Socket source, Socket sink, bool isReply)
    {
        var way = Channel.CreateBounded<(byte[] Piece, long Due)>(PiecesMax);
        var sending = SendAsync(way.Reader, sink, isReply);
        try
        {
            var buffer = new byte[PieceLength];
            while (true)
            {
                var length = await source.ReceiveAsync(buffer, SocketFlags.None, stopping).ConfigureAwait(false);
                if (length == 0)
                    break;
                var due = TimeProvider.System.GetTimestamp() + (long)(proxy.Distance.TotalSeconds * TimeProvider.System.TimestampFrequency);
                await way.Writer.WriteAsync((buffer[..length], due), stopping).ConfigureAwait(false);
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // The other pipe goes on with what it still has.
        }
        finally
        {
            way.Writer.Complete();
        }

        await sending.ConfigureAwait(false);

        // What a client sent before it went is executed; then Redis sees the end and closes.
        if (!isReply && isClientGone && server.Connected)
            server.Shutdown(SocketShutdown.Send);
        else
            Dispose();
    }

    private async Task SendAsync(ChannelReader<(byte[] Piece, long Due)> way, Socket sink, bool isReply)
    {
        await foreach (var (piece, due) in way.ReadAllAsync(stopping).ConfigureAwait(false))
        {
            await WaitUntilAsync(due).ConfigureAwait(false);
            switch (proxy.Draw(isReply, piece))
            {
                case ProxyFault.Lose:
                    Dispose();
                    return;
                case ProxyFault.Split:
                    await TrySendAsync(sink, piece.AsMemory(0, piece.Length / 2)).ConfigureAwait(false);
                    Dispose();
                    return;
                case ProxyFault.ArriveLate:
                    isClientGone = true;
                    client.Dispose();
                    await Task.Delay(proxy.DrawWait(), stopping).ConfigureAwait(false);
                    break;
                case ProxyFault.HoldBack:
                    await Task.Delay(proxy.DrawWait(), stopping).ConfigureAwait(false);
                    break;
                case ProxyFault.Double:
                    var (start, length) = CommittedReply.Find(piece);
                    await TrySendAsync(sink, piece.AsMemory(0, start + length)).ConfigureAwait(false);
                    await TrySendAsync(sink, piece.AsMemory(start)).ConfigureAwait(false);
                    continue;
                default:
                    break;
            }

            if (!await TrySendAsync(sink, piece).ConfigureAwait(false) && !isReply)
                return;
        }
    }

    /// <summary>Waits for a moment that is a few milliseconds away at most.</summary>
    private async ValueTask WaitUntilAsync(long due)
    {
        while (TimeProvider.System.GetTimestamp() < due)
            await Task.Delay(1, stopping).ConfigureAwait(false);
    }

    private async Task<bool> TrySendAsync(Socket sink, ReadOnlyMemory<byte> piece)
    {
        try
        {
            while (!piece.IsEmpty)
                piece = piece[await sink.SendAsync(piece, SocketFlags.None, stopping).ConfigureAwait(false)..];
            return true;
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }
}
