using System.Collections.Concurrent;
using Processor.Iso8583;

namespace Processor.EndToEnd.Tests;

/// <summary>
/// A network's side of a connection: it signs on, has many requests in flight, and matches answers by STAN and DE 7 in whatever order they
/// come. When the connection breaks it connects again; what is not answered is sent again as an xxx1 until it is. What the other side
/// signs off is sent nothing any more, and what is under way there is still waited for.
/// </summary>
internal sealed class NetworkSender : IAsyncDisposable
{
    private const string SignOn = "001";
    private const string SignOff = "002";

    // Of no shop that sells.
    private const int OfficeNumber = 999;

    private static readonly Mti Management = Mti.Parse("0800");
    private static readonly TimeSpan ConnectInterval = TimeSpan.FromMilliseconds(25);

    private readonly ConcurrentDictionary<(ushort Mti, string Stan, string Transmission), Exchange> exchanges = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Shop office = new(OfficeNumber);
    private readonly Dialect dialect;
    private readonly TimeSpan patience;
    private readonly Task running;
    private TaskCompletionSource<SenderLink> link = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile int port;
    private int strays;
    private int signOffs;

    /// <param name="port">On loopback.</param>
    /// <param name="dialect">Its name.</param>
    /// <param name="patience">How long an answer is waited for before the request is sent again.</param>
    internal NetworkSender(int port, string dialect, TimeSpan patience)
    {
        this.port = port;
        this.patience = patience;
        this.dialect = Dialect.LoadNamed(dialect);
        running = RunAsync();
    }

    /// <summary>Answers that nobody had asked for, or that could not be read.</summary>
    internal int Strays => Volatile.Read(ref strays);

    /// <summary>Connections that the other side has signed off.</summary>
    internal int SignOffs => Volatile.Read(ref signOffs);

    /// <summary>Goes to another host from now on: what is not answered is sent again there.</summary>
    internal void MoveTo(int other)
    {
        port = other;
        if (Volatile.Read(ref link).Task is { IsCompletedSuccessfully: true } current)
            current.Result.HangUp();
    }

    /// <summary>Sends a request until it is answered.</summary>
    /// <exception cref="OperationCanceledException">It was not answered before the token ended the wait.</exception>
    internal async Task<Exchange> AskAsync(Iso8583Message request, CancellationToken cancellation)
    {
        var exchange = new Exchange(request);
        if (!exchanges.TryAdd(KeyOf(request.Mti, request), exchange))
            throw new InvalidOperationException($"STAN {request[11]} was sent before.");
        await SendAsync(exchange, cancellation);
        return exchange;
    }

    /// <summary>Sends the xxx1 of a request until it is answered.</summary>
    /// <returns>That answer.</returns>
    internal Task<Iso8583Message> RepeatAsync(Exchange exchange, CancellationToken cancellation) => SendAsync(exchange, cancellation);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task<Iso8583Message> SendAsync(Exchange exchange, CancellationToken cancellation)
    {
        var answer = exchange.Expect();
        while (true)
        {
            var message = exchange.Request;
            if (exchange.Sendings++ > 0)
            {
                message = message.Copy();
                message.Mti = new Mti((ushort)(message.Mti.Value | 1));
            }

            var current = await Volatile.Read(ref link).Task.WaitAsync(cancellation);
            if (await current.TrySendAsync(message.ToBytes(dialect), cancellation))
                await Task.WhenAny(answer, current.Broken, Task.Delay(patience, cancellation));
            if (answer.IsCompleted)
                return await answer;
            cancellation.ThrowIfCancellationRequested();
            exchange.Lost++;
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var current = await SenderLink.ConnectAsync(port, stopping.Token);
                if (current is null)
                {
                    await Task.Delay(ConnectInterval, stopping.Token);
                    continue;
                }

                var reading = current.ReadAsync(frame => Take(current, frame), stopping.Token);
                await SignOnAsync(current, reading);
                await reading;
                Leave(current);
                current.Break();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Volatile.Read(ref link).TrySetCanceled(stopping.Token);
        }
    }

    private async Task SignOnAsync(SenderLink current, Task reading)
    {
        var request = office.Management(SignOn);
        var exchange = exchanges[KeyOf(request.Mti, request)] = new Exchange(request);
        var answer = exchange.Expect();
        await current.TrySendAsync(request.ToBytes(dialect), stopping.Token);
        if (await Task.WhenAny(answer, reading) == answer)
            Volatile.Read(ref link).SetResult(current);
    }

    // Called where frames are read and after it, so never twice at once.
    private void Leave(SenderLink current)
    {
        if (link.Task.IsCompletedSuccessfully && link.Task.Result == current)
            Volatile.Write(ref link, new(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    private void Take(SenderLink current, byte[] frame)
    {
        var layout = new MessageLayout();
        if (dialect.TryParse(frame, layout) == ParseStatus.Parsed)
        {
            var answer = Iso8583Message.From(new MessageView(frame, layout));
            if (answer.Mti == Management && answer[70] == SignOff)
            {
                Interlocked.Increment(ref signOffs);
                Leave(current);
                return;
            }

            if (exchanges.TryGetValue(KeyOf(answer.Mti, answer), out var exchange))
            {
                exchange.Take(answer);
                return;
            }
        }

        Interlocked.Increment(ref strays);
    }

    private static (ushort Mti, string Stan, string Transmission) KeyOf(Mti mti, Iso8583Message message) =>
        (mti.ToResponse().Value, message[11] ?? "", message[7] ?? "");
}
