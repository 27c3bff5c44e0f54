using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;

namespace Processor.Security;

/// <summary>One connection to the device: connects, sends what it is given in one stream, hands answers to whoever waits by the number in their header,
/// and connects again when the line is lost.</summary>
internal sealed class PayShieldLink : IAsyncDisposable
{
    private readonly PayShieldSettings settings;
    private readonly PayShieldMetrics metrics;
    private readonly CircuitBreaker breaker;
    private readonly TimeProvider time;
    private readonly SslClientAuthenticationOptions? tls;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Dictionary<uint, PayShieldExchange> waiting = [];
    private readonly uint numberMask;
    private readonly Task running;
    private Channel<PayShieldExchange>? outgoing;
    private CancellationTokenSource? line;
    private uint lastNumber;
    private int abandoned;
    private bool hasAnswered;
    private bool isDisposed;

    internal PayShieldLink(PayShieldSettings settings, SslClientAuthenticationOptions? tls, PayShieldMetrics metrics, CircuitBreaker breaker, TimeProvider time)
    {
        (this.settings, this.tls, this.metrics, this.breaker, this.time) = (settings, tls, metrics, breaker, time);
        numberMask = settings.HeaderLength >= PayShieldFrame.NumberLengthMax ? uint.MaxValue : (1u << (4 * settings.HeaderLength)) - 1;
        running = Task.Run(RunAsync);
    }

    /// <summary>Commands without an answer; the most there can be when the line is down.</summary>
    internal int Load
    {
        get
        {
            lock (gate)
                return outgoing is null ? int.MaxValue : waiting.Count;
        }
    }

    /// <summary>Sends a command.</summary>
    /// <returns>False when the line is down, or as many as the link takes are on their way.</returns>
    internal bool TrySend(PayShieldExchange exchange)
    {
        lock (gate)
        {
            if (outgoing is null || waiting.Count >= numberMask)
                return false;

            // A number is not used again while its answer may still come, however late.
            do
            {
                lastNumber = (lastNumber + 1) & numberMask;
            }
            while (!waiting.TryAdd(lastNumber, exchange));
            exchange.Number = lastNumber;
            if (outgoing.Writer.TryWrite(exchange))
                return true;
            waiting.Remove(exchange.Number);
            return false;
        }
    }

    /// <summary>Nobody waits for this answer any more. When the device owes too many, the line is given up.</summary>
    internal void Abandon(PayShieldExchange exchange)
    {
        var unsent = exchange.TakeCommand();
        unsent?.Release();
        lock (gate)
        {
            if (!waiting.TryGetValue(exchange.Number, out var same) || same != exchange)
                return;
            if (unsent is not null)
                waiting.Remove(exchange.Number);
            else if (++abandoned > settings.InFlightMax)
                line?.Cancel();
        }
    }

    /// <summary>Ends the line and whoever waits. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true))
            return;
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = settings.ReconnectMilliseconds;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync();
            }
            catch (Exception failure) when (failure is IOException or SocketException or AuthenticationException or OperationCanceledException or InvalidDataException)
            {
                metrics.LineLost();
            }

            pause = hasAnswered ? settings.ReconnectMilliseconds : pause;
            await Task.Delay(TimeSpan.FromMilliseconds(pause), time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = Math.Min(pause * 2, settings.ReconnectMillisecondsMax);
        }
    }

    private async Task ConnectAsync()
    {
        hasAnswered = false;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        Stream stream;
        using (var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(settings.ConnectMilliseconds), time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopping.Token))
        {
            await socket.ConnectAsync(settings.Host, settings.Port, either.Token);
            stream = new NetworkStream(socket, ownsSocket: false);
            if (tls is not null)
            {
                var secured = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = secured;
                await secured.AuthenticateAsClientAsync(tls, either.Token);
            }
        }

        await using (stream)
            await ServeAsync(stream);
    }

    private async Task ServeAsync(Stream stream)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        var queue = Channel.CreateBounded<PayShieldExchange>(new BoundedChannelOptions(settings.InFlightMax) { SingleReader = true });
        lock (gate)
            (outgoing, line, abandoned) = (queue, cut, 0);
        metrics.LineOpened();
        try
        {
            var writing = WriteAsync(stream, queue.Reader, cut);
            try
            {
                await ReadAsync(stream, cut.Token);
            }
            finally
            {
                await cut.CancelAsync();
                await writing;
            }
        }
        finally
        {
            metrics.LineClosed();
            Lose();
        }
    }

    // What was on its way has an outcome that nobody knows.
    private void Lose()
    {
        PayShieldExchange[] lost;
        lock (gate)
        {
            (outgoing, line) = (null, null);
            lost = [.. waiting.Values];
            waiting.Clear();
        }

        // One lost line is one failure, however many waited on it: the other lines may be well.
        if (lost.Length != 0)
            breaker.Failed(isProbe: false);
        foreach (var exchange in lost)
            exchange.TryEnd(new(HsmStatus.Unavailable));
    }

    private async Task WriteAsync(Stream stream, ChannelReader<PayShieldExchange> queue, CancellationTokenSource cut)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await queue.WaitToReadAsync(cut.Token))
            {
                var length = 0;
                while (buffer.Length - length >= PayShieldCommand.LengthMax && queue.TryRead(out var next))
                {
                    if (next.TakeCommand() is not { } command)
                        continue;
                    var size = command.Length;
                    command.MoveTo(buffer.AsSpan(length, size), settings.LengthCountsHeader, next.Number);
                    length += size;
                }

                await stream.WriteAsync(buffer.AsMemory(0, length), cut.Token);
                await stream.FlushAsync(cut.Token);
                buffer.AsSpan(0, length).Clear();
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
        {
            // The reader notices the same, and tells.
            await cut.CancelAsync();
        }
        finally
        {
            buffer.AsSpan().Clear();
        }
    }

    private async Task ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[PayShieldFrame.LengthBytes + ushort.MaxValue + PayShieldFrame.HeaderLengthMax];
        var filled = 0;
        while (true)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(filled), cancellation);
            if (count == 0)
                throw new EndOfStreamException();
            filled += count;
            var used = Deliver(buffer.AsSpan(0, filled));
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            buffer.AsSpan(filled, used).Clear();
        }
    }

    private int Deliver(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (true)
        {
            if (!PayShieldFrame.TryMeasure(bytes[used..], settings.HeaderLength, settings.LengthCountsHeader, out var length))
            {
                metrics.Malformed();
                throw new InvalidDataException("A frame is shorter than any answer.");
            }

            if (length == 0)
                return used;
            Deliver(bytes.Slice(used + PayShieldFrame.LengthBytes, settings.HeaderLength), bytes[(used + PayShieldFrame.LengthBytes + settings.HeaderLength)..(used + length)]);
            used += length;
        }
    }

    private void Deliver(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body)
    {
        PayShieldExchange? exchange = null;
        if (PayShieldFrame.TryNumber(header, out var number))
        {
            lock (gate)
                waiting.Remove(number, out exchange);
        }

        if (exchange is null)
        {
            metrics.Malformed();
            return;
        }

        hasAnswered = true;
        var answer = PayShieldAnswer.Read(body, exchange.Expects);
        if (!answer.IsFromDevice)
            metrics.Malformed();
        if (exchange.TryEnd(answer))
            return;
        metrics.Late();
        lock (gate)
            abandoned = Math.Max(0, abandoned - 1);
    }
}
