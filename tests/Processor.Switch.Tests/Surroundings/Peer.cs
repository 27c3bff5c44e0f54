using System.Buffers;
using System.IO.Pipelines;
using Processor.Iso8583;

namespace Processor.Switch.Tests;

/// <summary>The network's side of a connection.</summary>
internal sealed class Peer(PipeReader reader, PipeWriter writer, Dialect dialect, Framing framing) : IAsyncDisposable
{
    /// <summary>How long a test waits for what must come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public Dialect Dialect => dialect;

    public byte[] Frame(Iso8583Message message) => Frame(message.ToBytes(dialect));

    public byte[] Frame(ReadOnlySpan<byte> message) => FrameWriter.Frame(message, framing);

    public Task SendAsync(Iso8583Message message) => SendAsync(Frame(message));

    public async Task SendAsync(byte[] bytes)
    {
        await writer.WriteAsync(bytes).AsTask().WaitAsync(Patience);
    }

    /// <summary>Sends and waits for one answer.</summary>
    public async Task<Iso8583Message> AskAsync(Iso8583Message message)
    {
        await SendAsync(message);
        return await ReceiveAsync();
    }

    /// <summary>The next answer.</summary>
    public async Task<Iso8583Message> ReceiveAsync() =>
        await ReceiveOrEndAsync() ?? throw new EndOfStreamException("The connection was closed.");

    /// <summary>The next answer, or null when the other side has closed.</summary>
    public async Task<Iso8583Message?> ReceiveOrEndAsync() =>
        await ReceiveFrameOrEndAsync() is { } frame ? Iso8583Message.Parse(dialect, frame) : null;

    /// <summary>The bytes of the next answer without their frame, or null when the other side has closed.</summary>
    public async Task<byte[]?> ReceiveFrameOrEndAsync()
    {
        while (true)
        {
            var result = await reader.ReadAsync().AsTask().WaitAsync(Patience);
            var buffer = result.Buffer;
            var status = FrameReader.TryRead(ref buffer, framing, out var frame);
            Assert.NotEqual(FrameStatus.Malformed, status);
            if (status == FrameStatus.Frame)
            {
                var message = frame.ToArray();
                reader.AdvanceTo(buffer.Start);
                return message;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (!result.IsCompleted)
                continue;
            Assert.Equal(0, buffer.Length);
            return null;
        }
    }

    /// <summary>The next bytes as they are, with what stands around messages.</summary>
    public async Task<byte[]> ReceiveBytesAsync(int count)
    {
        var result = await reader.ReadAtLeastAsync(count).AsTask().WaitAsync(Patience);
        var bytes = result.Buffer.Slice(0, count).ToArray();
        reader.AdvanceTo(result.Buffer.GetPosition(count));
        return bytes;
    }

    /// <summary>Proves that the connection lives and that nothing else is on its way: an echo test, and its answer comes next.</summary>
    public async Task AssertNothingElseCameAsync(string stan = "999999")
    {
        var echo = await AskAsync(Messages.Echo(stan));
        Assert.Equal("0810", echo.Mti.ToString());
        Assert.Equal(stan, echo[11]);
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public ValueTask CloseAsync() => writer.CompleteAsync();

    public async ValueTask DisposeAsync()
    {
        await writer.CompleteAsync();
        await reader.CompleteAsync();
    }
}
