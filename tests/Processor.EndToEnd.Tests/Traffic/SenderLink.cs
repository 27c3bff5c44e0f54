using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Processor.Iso8583;

namespace Processor.EndToEnd.Tests;

/// <summary>One TCP connection of a sender, until it breaks.</summary>
internal sealed class SenderLink : IDisposable
{
    private static readonly Framing Framing = Framing.Binary2;

    private readonly NetworkStream stream;
    private readonly SemaphoreSlim writing = new(1);
    private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SenderLink(NetworkStream stream) => this.stream = stream;

    /// <summary>Ends when nothing more will come.</summary>
    internal Task Broken => broken.Task;

    /// <returns>Null when nobody listens.</returns>
    internal static async Task<SenderLink?> ConnectAsync(int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return new SenderLink(new NetworkStream(socket, ownsSocket: true));
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <returns>False when the connection is broken; the message may have left all the same.</returns>
    internal async Task<bool> TrySendAsync(byte[] message, CancellationToken cancellation)
    {
        var frame = new byte[Framing.HeaderLength + message.Length];
        FrameWriter.TryWriteHeader(frame, Framing, message.Length);
        message.CopyTo(frame, Framing.HeaderLength);
        await writing.WaitAsync(cancellation);
        try
        {
            await stream.WriteAsync(frame, cancellation);
            return true;
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Hands on every message until the connection breaks.</summary>
    internal async Task ReadAsync(Action<byte[]> take, CancellationToken cancellation)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var result = await pipe.ReadAsync(cancellation);
                var rest = result.Buffer;
                while (FrameReader.TryRead(ref rest, Framing, out var frame) == FrameStatus.Frame)
                    take(System.Buffers.BuffersExtensions.ToArray(in frame));
                pipe.AdvanceTo(rest.Start, rest.End);
                if (result.IsCompleted)
                    return;
            }
        }
        catch (IOException)
        {
            // Killed: the same as closed.
        }
    }

    /// <summary>Ends it from this side.</summary>
    internal void HangUp()
    {
        try
        {
            stream.Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException)
        {
            // The other side was first.
        }
    }

    /// <summary>Tells those who wait that nothing more will come.</summary>
    internal void Break() => broken.TrySetResult();

    public void Dispose() => stream.Dispose();
}
