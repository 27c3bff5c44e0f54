using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Host.Tests;

/// <summary>A network's side of a line: <c>iso87-ascii</c>, two bytes of length.</summary>
internal sealed class NetworkLine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Dialect Ascii = Dialect.LoadNamed("iso87-ascii");
    private static int lastStan;

    private readonly TcpClient client = new();

    internal static async Task<NetworkLine> ConnectAsync(int port)
    {
        var line = new NetworkLine();
        await line.client.ConnectAsync("127.0.0.1", port);
        return line;
    }

    /// <summary>A purchase with a trace number that no other of this process has.</summary>
    internal static Iso8583Message Purchase(Pan pan, long cents)
    {
        var stan = Interlocked.Increment(ref lastStan).ToString("D6", CultureInfo.InvariantCulture);
        return new Iso8583Message(Mti.Parse("0100"))
        {
            [2] = string.Concat(DigitsOf(pan)),
            [3] = "000000",
            [4] = cents.ToString("D12", CultureInfo.InvariantCulture),
            [7] = "0601120000",
            [11] = stan,
            [12] = "140000",
            [13] = "0601",
            [14] = DemoCards.Expiry,
            [18] = "5411",
            [22] = "051",
            [25] = "00",
            [32] = "12345",
            [37] = "615212" + stan,
            [41] = "TERM0001",
            [42] = "MERCHANT0000001",
            [43] = "Corner shop              Berlin       DE",
            [49] = "978",
        };
    }

    internal async Task<Iso8583Message> AskAsync(Iso8583Message message)
    {
        await SendAsync(Frame(message));
        return await ReceiveOrEndAsync() ?? throw new EndOfStreamException("The line was closed.");
    }

    internal async Task SendAsync(ReadOnlyMemory<byte> bytes) => await client.GetStream().WriteAsync(bytes).AsTask().WaitAsync(Patience);

    /// <summary>The next answer; null when the other side has closed.</summary>
    internal async Task<Iso8583Message?> ReceiveOrEndAsync()
    {
        var header = new byte[2];
        var read = await client.GetStream().ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false).AsTask().WaitAsync(Patience);
        if (read == 0)
            return null;
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(header)];
        await client.GetStream().ReadExactlyAsync(message).AsTask().WaitAsync(Patience);
        return Iso8583Message.Parse(Ascii, message);
    }

    internal static byte[] Frame(Iso8583Message message)
    {
        var bytes = message.ToBytes(Ascii);
        var frame = new byte[2 + bytes.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)bytes.Length);
        bytes.CopyTo(frame, 2);
        return frame;
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IEnumerable<char> DigitsOf(Pan pan)
    {
        var digits = new byte[pan.Length];
        pan.CopyDigits(digits);
        return digits.Select(digit => (char)digit);
    }
}
