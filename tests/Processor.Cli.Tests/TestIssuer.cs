using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Processor.Cli.Network;
using Processor.Iso8583;

namespace Processor.Cli.Tests;

/// <summary>
/// An issuer on a real socket, as small as one can be. It reads what comes, answers in the order of arrival, and
/// holds its answers back while a test wants it to.
/// </summary>
public sealed class TestIssuer : IAsyncDisposable
{
    private static readonly int[] Echoed = [2, 3, 4, 7, 11, 12, 13, 32, 37, 41, 42, 49, 70];

    private readonly Lock gate = new();
    private readonly Dialect dialect;
    private readonly Framing framing;
    private readonly IssuerAnswer answer;
    private readonly Socket listener;
    private readonly CancellationTokenSource stop = new();
    private readonly List<Socket> open = [];
    private readonly List<Task> serving = [];
    private readonly List<(long Count, TaskCompletionSource Reached)> waiters = [];
    private TaskCompletionSource? held;
    private long receivedCount;

    private TestIssuer(Dialect dialect, Framing framing, IssuerAnswer answer)
    {
        this.dialect = dialect;
        this.framing = framing;
        this.answer = answer;
        listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        serving.Add(AcceptAsync());
    }

    /// <summary>How it speaks.</summary>
    public Dialect Dialect => dialect;

    /// <summary>Where it listens on loopback.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    /// <summary>Refuses requests whose authentication code is not right (63), and puts codes into its answers; null for neither.</summary>
    internal MessageSeal? Seal { get; init; }

    /// <summary>False to have wrong codes in its answers.</summary>
    public bool SealsAnswers { get; init; } = true;

    /// <summary>Requests received, network management not counted, nor what a connection had left when it was dropped.</summary>
    public long ReceivedCount => Interlocked.Read(ref receivedCount);

    /// <summary>Starts one.</summary>
    /// <param name="dialect">How it speaks.</param>
    /// <param name="framing">How it tells messages apart.</param>
    /// <param name="answer">Its answers; <see cref="Approve"/> without it.</param>
    public static TestIssuer Start(Dialect dialect, Framing framing, IssuerAnswer? answer = null) =>
        new(dialect, framing, answer ?? Approve);

    /// <summary>Starts one that approves what has a right authentication code.</summary>
    public static TestIssuer StartSealed(Dialect dialect, bool sealsAnswers) =>
        new(dialect, Framing.Binary2, Approve) { Seal = new MessageSeal(), SealsAnswers = sealsAnswers };

    /// <summary>Approves everything, with DE 38 from the request's DE 11.</summary>
    public static bool Approve(in MessageView request, ref MessageWriter response)
    {
        Span<byte> stan = stackalloc byte[6];
        if (request.TryGetDigits(11, stan, out int length) && !request.Has(70))
            response.SetText(38, stan[..length]);
        response.SetText(39, "00"u8);
        return true;
    }

    /// <summary>Keeps answers back from now on. Requests are still received.</summary>
    public void Hold()
    {
        lock (gate)
            held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Sends what was kept back, and answers at once again.</summary>
    public void Release()
    {
        lock (gate)
        {
            held?.SetResult();
            held = null;
        }
    }

    /// <summary>Breaks all connections that are open.</summary>
    public void Drop()
    {
        lock (gate)
        {
            foreach (var socket in open)
                socket.Dispose();
            open.Clear();
        }
    }

    /// <summary>Waits until so many requests have been received.</summary>
    public Task ReceivedAsync(long count)
    {
        lock (gate)
        {
            if (receivedCount >= count)
                return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((count, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        Release();
        Drop();
        listener.Dispose();
        Task[] all;
        lock (gate)
            all = [.. serving];
        await Task.WhenAll(all);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(stop.Token);
                socket.NoDelay = true;
                lock (gate)
                {
                    open.Add(socket);
                    serving.Add(Task.Run(() => ServeAsync(socket)));
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
            return;
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        byte[] incoming = new byte[64 * 1024];
        byte[] outgoing = new byte[1024 * 1024];
        int length = 0;
        int written = 0;
        var layout = new MessageLayout();
        try
        {
            var receiving = socket.ReceiveAsync(incoming, stop.Token).AsTask();
            while (true)
            {
                Task? holding;
                lock (gate)
                    holding = held?.Task;
                if (holding is null)
                {
                    await SendAsync(socket, outgoing.AsMemory(0, written));
                    written = 0;
                }
                else if (await Task.WhenAny(receiving, holding) == holding)
                {
                    continue;
                }

                int count = await receiving;
                if (count == 0)
                    return;
                length += count;
                written += AnswerAll(socket, incoming, ref length, outgoing.AsSpan(written), layout);
                receiving = socket.ReceiveAsync(incoming.AsMemory(length), stop.Token).AsTask();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The connection is over, for one side or the other.
            return;
        }
        finally
        {
            socket.Dispose();
        }
    }

    private async Task SendAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes, stop.Token)..];
    }

    private int AnswerAll(Socket socket, byte[] incoming, ref int length, Span<byte> outgoing, MessageLayout layout)
    {
        var rest = new ReadOnlySequence<byte>(incoming, 0, length);
        int written = 0;
        int received = 0;
        while (FrameReader.TryRead(ref rest, framing, out var frame) == FrameStatus.Frame)
        {
            var bytes = frame.FirstSpan;
            if (dialect.TryParse(bytes, layout) != ParseStatus.Parsed)
                throw new InvalidOperationException($"The issuer got what it cannot read: {layout.Error}.");
            var request = new MessageView(bytes, layout);
            if (request.Mti.Class != MtiClass.NetworkManagement)
                received++;
            written += Answer(in request, outgoing[written..], Seal?.Check(bytes, in request) is null);
        }

        length = (int)rest.Length;
        rest.CopyTo(incoming);
        Count(socket, received);
        return written;
    }

    private int Answer(in MessageView request, Span<byte> target, bool isBelieved)
    {
        var response = new MessageWriter(target[framing.HeaderLength..], dialect);
        response.Begin(request.Mti.ToResponse());
        foreach (int element in Echoed)
            response.CopyFrom(in request, element);
        if (!isBelieved)
            response.SetText(39, "63"u8);
        else if (!answer(in request, ref response))
            return 0;
        var place = default(MacPlace);
        bool isFinished = Seal is null ? response.TryFinish(out int length) : response.TryFinishWithMac(out length, out place);
        if (isFinished && SealsAnswers)
            Seal?.Seal(target.Slice(framing.HeaderLength, length), in place);
        else if (isFinished && Seal is not null)
            place.Write(target.Slice(framing.HeaderLength, length), new byte[8]);
        if (!isFinished || !FrameWriter.TryWrite(target, framing, length, out int frameLength))
            throw new InvalidOperationException($"The issuer cannot write DE{response.FailedElement}: {response.Status}.");
        return frameLength;
    }

    private void Count(Socket socket, int received)
    {
        lock (gate)
        {
            if (!open.Contains(socket))
                return;
            receivedCount += received;
            foreach (var (_, reached) in waiters.Where(waiter => waiter.Count <= receivedCount))
                reached.TrySetResult();
            waiters.RemoveAll(waiter => waiter.Count <= receivedCount);
        }
    }
}
