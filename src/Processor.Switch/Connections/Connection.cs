using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>
/// One TCP connection: takes frames off the pipe, hands each to the router in a pooled context, and sends answers in the order in
/// which they finish. The reader stops reading while too many requests wait. At a shutdown it signs off from a network that has signed on,
/// reads a moment longer what that has sent already, answers what was accepted, and closes.
/// </summary>
internal sealed class Connection
{
    private readonly Switchboard board;
    private readonly ConnectionContext transport;
    private readonly InFlightGate gate;
    // How long a network that was told has to send elsewhere.
    private static readonly TimeSpan LeavingPeriod = TimeSpan.FromMilliseconds(500);

    private ITimer? leaving;
    private volatile bool isStopping;

    internal Connection(Switchboard board, Endpoint endpoint, ConnectionContext transport)
    {
        this.board = board;
        this.transport = transport;
        Endpoint = endpoint;
        gate = new(endpoint.InFlightMax);
        Output = new(transport.Transport.Output, endpoint.OutputMax, OnOutputEnded);
    }

    internal Endpoint Endpoint { get; }

    internal ConnectionOutput Output { get; }

    /// <summary>The transport's name of the connection, for logs.</summary>
    internal string Id => transport.ConnectionId;

    /// <summary>True after a sign-on, until a sign-off.</summary>
    internal bool IsSignedOn { get; set; }

    /// <summary>Requests that wait for their answer.</summary>
    internal int InFlight => gate.Count;

    /// <summary>Serves the connection until it ends; what was accepted has been answered then.</summary>
    internal async Task RunAsync()
    {
        SwitchLog.Connected(board.Log, Endpoint.Name, Id);
        board.Metrics.ConnectionOpened();
        var notice = transport.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var stop = notice.UnsafeRegister(static state => _ = ((Connection)state!).StopAsync(), this);
        try
        {
            await ReadAsync();
        }
        catch (Exception exception) when (exception is ConnectionResetException or ConnectionAbortedException or IOException or OperationCanceledException)
        {
            SwitchLog.ConnectionLost(board.Log, Endpoint.Name, Id, exception.Message);
            Output.Abandon();
        }
        finally
        {
            leaving?.Dispose();

            // Every request has a deadline, and a slow peer a bound: neither wait is for ever.
            await gate.DrainAsync();
            await Output.DrainAsync().WaitAsync(TimeSpan.FromMilliseconds(Endpoint.DeadlineMilliseconds), board.Clock)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            board.Metrics.ConnectionClosed();
            SwitchLog.Disconnected(board.Log, Endpoint.Name, Id);
        }
    }

    /// <summary>A request has been answered, or its deadline has passed.</summary>
    internal void Leave()
    {
        board.Metrics.Left();
        gate.Exit();
    }

    private async Task ReadAsync()
    {
        var input = transport.Transport.Input;
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            var arrived = board.Clock.GetTimestamp();
            while (true)
            {
                var status = FrameReader.TryRead(ref buffer, Endpoint.Framing, out var frame, out var envelope);
                if (status == FrameStatus.Malformed)
                {
                    board.Metrics.Malformed();
                    SwitchLog.FramingLost(board.Log, Endpoint.Name, Id);
                    return;
                }

                if (status == FrameStatus.NeedMoreData)
                    break;
                if (status == FrameStatus.KeepAlive)
                {
                    AnswerKeepAlive(envelope);
                    continue;
                }

                while (!TryAccept(in frame, envelope, arrived))
                {
                    Output.Flush();
                    await gate.WaitAsync();
                }
            }

            Output.Flush();
            input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted || result.IsCanceled || isStopping)
            {
                if (result.IsCompleted && !buffer.IsEmpty)
                    SwitchLog.FrameCut(board.Log, Endpoint.Name, Id, buffer.Length);
                return;
            }
        }
    }

    /// <summary>Takes a frame over and routes it.</summary>
    /// <returns>False when too many requests wait for their answer.</returns>
    internal bool TryAccept(in ReadOnlySequence<byte> frame, FrameEnvelope envelope, long arrived)
    {
        if (!gate.TryEnter())
            return false;
        board.Metrics.Entered();
        var context = board.Contexts.Rent();
        context.Begin(this, in frame, envelope, arrived);
        MessageRouter.Route(board, context);
        return true;
    }

    private void AnswerKeepAlive(FrameEnvelope envelope)
    {
        Span<byte> sign = stackalloc byte[Endpoint.Framing.HeaderLength];
        if (FrameWriter.TryWriteKeepAlive(sign, Endpoint.Framing, envelope, out var length))
            Output.Append(sign[..length]);
    }

    private void EndReading(object? state)
    {
        isStopping = true;
        transport.Transport.Input.CancelPendingRead();
    }

    private async Task StopAsync()
    {
        var notice = IsSignedOn ? await SignOffNotice.MakeAsync(board, Endpoint, stan: 1) : default;
        if (notice.IsEmpty)
        {
            EndReading(state: null);
            return;
        }

        SwitchLog.SignedOff(board.Log, Endpoint.Name, Id);
        Output.Append(notice.Span);
        Output.Flush();
        leaving = board.Clock.CreateTimer(EndReading, state: null, LeavingPeriod, Timeout.InfiniteTimeSpan);
    }

    private void OnOutputEnded(OutputEnd end, Exception? failure)
    {
        // Nobody would hear the answers, so nothing more is read either.
        if (end != OutputEnd.PeerGone)
            SwitchLog.OutputEnded(board.Log, failure, Endpoint.Name, Id, end);
        transport.Abort(new ConnectionAbortedException("The peer does not take its answers."));
    }
}
