using System.Buffers;

namespace Processor.Ledger;

/// <summary>
/// One connection to one Redis. Calls go out in the order in which they are made, many of them in one packet when they come together, and each
/// reply belongs to the oldest call that has none. It lives until it breaks, and then all that waits is told.
/// </summary>
internal sealed class RespConnection : IDisposable
{
    // A buffer that was larger for once is not kept.
    private const int KeptLengthMax = 1 << 20;
    private const int ReceiveLengthMin = 64 * 1024;

    private readonly Lock gate = new();
    private readonly Queue<RespCall> waiting = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider clock;
    private readonly Stream stream;
    private readonly string name;
    private ArrayBufferWriter<byte> filling = new(ReceiveLengthMin);
    private ArrayBufferWriter<byte> sending = new(ReceiveLengthMin);
    private bool isSending;
    private Exception? reason;
    private long heard;

    /// <param name="stream">Connected. It belongs to the connection from now on.</param>
    /// <param name="name">For messages: where it leads.</param>
    /// <param name="clock">Measures silence.</param>
    internal RespConnection(Stream stream, string name, TimeProvider clock)
    {
        this.stream = stream;
        this.name = name;
        this.clock = clock;
        heard = clock.GetTimestamp();
        _ = ReceiveAsync();
    }

    /// <summary>Bytes that may wait to be sent; beyond it calls fail. Far more than all partitions have under way at once.</summary>
    internal const int WaitingLengthMax = 64 << 20;

    /// <summary>Ends when the connection has broken.</summary>
    internal Task Ended => ended.Task;

    /// <summary>Why it broke; null while it has not.</summary>
    internal Exception? Reason
    {
        get
        {
            lock (gate)
                return reason;
        }
    }

    /// <summary>Sends one command. Its bytes are the caller's again when this returns.</summary>
    /// <returns>The reply; <see cref="RedisErrorException"/> or <see cref="RedisConnectionException"/>. It ends when the reply comes or the
    /// connection breaks, and not before.</returns>
    internal Task<RespReply> CallAsync(ReadOnlySpan<byte> command)
    {
        var call = new RespCall();
        Send(call, command, second: null, default);
        return call.Task;
    }

    /// <summary>Sends two commands with nothing between them.</summary>
    internal (Task<RespReply> First, Task<RespReply> Second) CallBoth(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var (one, two) = (new RespCall(), new RespCall());
        Send(one, first, two, second);
        return (one.Task, two.Task);
    }

    /// <summary>How long nothing has come although something waits, or since something last came. Ask <see cref="IsWaiting"/> first.</summary>
    internal TimeSpan Silence => clock.GetElapsedTime(Volatile.Read(ref heard));

    /// <summary>True while a call has no reply.</summary>
    internal bool IsWaiting
    {
        get
        {
            lock (gate)
                return waiting.Count > 0;
        }
    }

    /// <summary>Ends it; what waits is told why.</summary>
    internal void Break(Exception problem)
    {
        lock (gate)
        {
            if (reason is not null)
                return;
            reason = problem;
        }

        // Nobody else takes what waits any more. What a call has begun to send is not known to be whole, so the stream goes whatever it says.
        try
        {
            stream.Dispose();
        }
        finally
        {
            foreach (var call in waiting)
                call.Fail(Broken());
            waiting.Clear();
            ended.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Break(new ObjectDisposedException(name));

    private void Send(RespCall call, ReadOnlySpan<byte> command, RespCall? second, ReadOnlySpan<byte> other)
    {
        bool begins;
        lock (gate)
        {
            if (reason is not null || filling.WrittenCount + command.Length + other.Length > WaitingLengthMax)
            {
                var problem = reason is null ? new RedisConnectionException($"Redis at {name} takes nothing more: too much waits to be sent.") : Broken();
                call.Fail(problem);
                second?.Fail(problem);
                return;
            }

            // Silence counts from when there is something to hear.
            if (waiting.Count == 0)
                Volatile.Write(ref heard, clock.GetTimestamp());
            // Room is made before anything is written, so that no failure leaves a command without its call.
            waiting.EnsureCapacity(waiting.Count + 2);
            filling.GetSpan(command.Length + other.Length);
            filling.Write(command);
            waiting.Enqueue(call);
            if (second is not null)
            {
                filling.Write(other);
                waiting.Enqueue(second);
            }

            begins = !isSending;
            isSending = true;
        }

        if (begins)
            _ = SendAsync();
    }

    /// <summary>Sends what waits, and what has come meanwhile, until there is nothing.</summary>
    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                lock (gate)
                {
                    if (filling.WrittenCount == 0 || reason is not null)
                    {
                        isSending = false;
                        return;
                    }

                    (filling, sending) = (sending, filling);
                }

                await stream.WriteAsync(sending.WrittenMemory);
                if (sending.Capacity > KeptLengthMax)
                    sending = new ArrayBufferWriter<byte>(ReceiveLengthMin);
                else
                    sending.ResetWrittenCount();
            }
        }
#pragma warning disable CA1031 // Whatever ends the stream ends the connection, and is told to all that wait.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            Break(problem);
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[ReceiveLengthMin];
        var scanner = new RespScanner();
        var (start, end) = (0, 0);
        try
        {
            while (true)
            {
                while (scanner.TryFindEnd(buffer.AsSpan(start, end - start), out var length))
                {
                    var reply = RespReply.Read(buffer.AsSpan(start, length));
                    TakeAnswered().Complete(reply);
                    start += length;
                }

                MakeRoom(ref buffer, ref start, ref end, scanner.LengthMin);
                var received = await stream.ReadAsync(buffer.AsMemory(end));
                if (received == 0)
                    throw new EndOfStreamException("Redis has closed the connection.");
                Volatile.Write(ref heard, clock.GetTimestamp());
                end += received;
            }
        }
#pragma warning disable CA1031 // As above.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            Break(problem);
        }
    }

    /// <summary>Brings what is left of the buffer to its start, and makes it as long as the reply is known to be.</summary>
    private static void MakeRoom(ref byte[] buffer, ref int start, ref int end, int lengthMin)
    {
        var rest = buffer.AsSpan(start, end - start);
        var length = Math.Max(lengthMin, rest.Length + (ReceiveLengthMin / 2));
        var target = buffer;
        if (length > buffer.Length)
            target = new byte[(int)Math.Max(length, Math.Min(buffer.Length * 2L, Array.MaxLength))];
        else if (buffer.Length > KeptLengthMax && length <= ReceiveLengthMin)
            target = new byte[ReceiveLengthMin];
        if (start > 0 || target != buffer)
            rest.CopyTo(target);
        (buffer, start, end) = (target, 0, rest.Length);
    }

    /// <summary>The call that the next reply belongs to. Once the line is broken none does: what waits is being told so.</summary>
    private RespCall TakeAnswered()
    {
        lock (gate)
        {
            if (reason is not null)
                throw Broken();
            return waiting.TryDequeue(out var call) ? call : throw new InvalidDataException("Redis answered what was not asked.");
        }
    }

    private RedisConnectionException Broken() => new($"The connection to Redis at {name} broke.", reason!);
}
