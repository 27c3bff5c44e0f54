using System.Buffers;
using System.Net.Sockets;
using Processor.Iso8583;

namespace Processor.Cli.Network;

/// <summary>One connection to an issuer, for one request at a time. Answers to other requests are skipped.</summary>
internal sealed class IssuerLink : IAsyncDisposable
{
    private readonly Endpoint endpoint;
    private readonly TimeSpan patience;
    private readonly TimeProvider clock;
    private readonly NetworkStream stream;
    private readonly MessageLayout layout = new();
    private byte[] received = new byte[16 * 1024];
    private int receivedLength;

    private IssuerLink(Endpoint endpoint, TimeSpan patience, TimeProvider clock, Socket socket)
    {
        this.endpoint = endpoint;
        this.patience = patience;
        this.clock = clock;
        stream = new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Connects.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="patience">How long to wait for the connection, and later for each answer.</param>
    /// <param name="clock">Measures latency and patience.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">It did not come about; the message names the endpoint.</exception>
    public static async Task<IssuerLink> ConnectAsync(
        Endpoint endpoint, TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        var socket = await EndpointSocket.ConnectAsync(endpoint, patience, clock, cancellation);
        return new IssuerLink(endpoint, patience, clock, socket);
    }

    /// <summary>Sends a request and waits for its answer: its response MTI with the same DE 11.</summary>
    /// <param name="request">Gets its authentication code where the endpoint has them.</param>
    /// <param name="isUnsealed">True to leave the code out all the same.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="FormatException">The request does not suit the dialect.</exception>
    /// <exception cref="IOException">The connection broke, or framing was lost.</exception>
    public async Task<Exchange> ExchangeAsync(Iso8583Message request, bool isUnsealed, CancellationToken cancellation)
    {
        byte[] requestFrame = endpoint.Seal is { } seal && !isUnsealed ? seal.Seal(request, endpoint.Dialect) : request.ToBytes(endpoint.Dialect);
        byte[] bytes = FrameWriter.Frame(requestFrame, endpoint.Framing);

        using var limit = new CancellationTokenSource(patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        long start = clock.GetTimestamp();
        await stream.WriteAsync(bytes, cancellation);
        byte[]? responseFrame = null;
        try
        {
            responseFrame = await ReceiveAnswerAsync(request, both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(request, requestFrame, Response: null, ResponseFrame: null, SealProblem: null, clock.GetElapsedTime(start));
        }

        var latency = clock.GetElapsedTime(start);
        bool isReadable = endpoint.Dialect.TryParse(responseFrame, layout) == ParseStatus.Parsed;
        var response = isReadable ? Iso8583Message.From(new MessageView(responseFrame, layout)) : null;
        string? problem = isReadable ? endpoint.Seal?.Check(responseFrame, new MessageView(responseFrame, layout)) : null;
        return new(request, requestFrame, response, responseFrame, problem, latency);
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<byte[]> ReceiveAnswerAsync(Iso8583Message request, CancellationToken cancellation)
    {
        while (true)
        {
            if (TakeFrame() is { } frame)
            {
                if (Answers(frame, request))
                    return frame;
                continue;
            }

            if (receivedLength == received.Length)
                Array.Resize(ref received, received.Length * 2);
            int count = await stream.ReadAsync(received.AsMemory(receivedLength), cancellation);
            if (count == 0)
                throw new IOException($"{endpoint} closed the connection.");
            receivedLength += count;
        }
    }

    private byte[]? TakeFrame()
    {
        var rest = new ReadOnlySequence<byte>(received, 0, receivedLength);
        FrameStatus status;
        ReadOnlySequence<byte> frame;
        do
            status = FrameReader.TryRead(ref rest, endpoint.Framing, out frame);
        while (status == FrameStatus.KeepAlive);
        if (status == FrameStatus.Malformed)
            throw new IOException($"{endpoint} sent a frame length that cannot be.");
        if (status == FrameStatus.NeedMoreData)
            return null;
        byte[] bytes = frame.ToArray();
        int left = (int)rest.Length;
        received.AsSpan(receivedLength - left, left).CopyTo(received);
        receivedLength = left;
        return bytes;
    }

    // What cannot be read is taken for the answer: the caller shows why it cannot be read.
    private bool Answers(byte[] frame, Iso8583Message request)
    {
        if (endpoint.Dialect.TryParse(frame, layout) != ParseStatus.Parsed)
            return true;
        var view = new MessageView(frame, layout);
        return view.Mti == request.Mti.ToResponse()
            && (request[11] is not { } stan || (view.TryGetNumber(11, out ulong number) && number == ulong.Parse(stan, System.Globalization.CultureInfo.InvariantCulture)));
    }
}
