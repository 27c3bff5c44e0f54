using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Processor.Ledger;

namespace Processor.Switch;

/// <summary>
/// The answers on their way to one peer. Lanes append under a lock; one of them at a time hands what has gathered to the pipe,
/// so that a flush never waits for the peer: when the peer is slow, answers gather here up to a bound, and then the connection is closed.
/// </summary>
internal sealed class ConnectionOutput : IFlushable
{
    private const int BufferLengthFirst = 8192;

    private readonly Lock gate = new();
    private readonly PipeWriter writer;
    private readonly int lengthMax;
    private readonly Action<OutputEnd, Exception?> ended;
    private readonly Action continueSending;
    private TaskCompletionSource? drained;
    private ValueTaskAwaiter<FlushResult> flushing;
    private byte[] filling = new byte[BufferLengthFirst];
    private byte[] sending = new byte[BufferLengthFirst];
    private int filled;
    private bool isSending;
    private bool isClosed;

    /// <param name="writer">Towards the peer. Nobody else writes to it.</param>
    /// <param name="lengthMax">Bytes that may wait here.</param>
    /// <param name="ended">Called at most once, outside the lock, when no further answer can be sent.</param>
    internal ConnectionOutput(PipeWriter writer, int lengthMax, Action<OutputEnd, Exception?> ended)
    {
        this.writer = writer;
        this.lengthMax = lengthMax;
        this.ended = ended;
        continueSending = ContinueSending;
    }

    /// <summary>Adds one framed answer; it goes out with the next flush.</summary>
    /// <returns>False when the connection is closed, or is being closed because the peer does not read.</returns>
    internal bool Append(ReadOnlySpan<byte> answer)
    {
        lock (gate)
        {
            if (isClosed)
                return false;
            if (filled + answer.Length <= lengthMax)
            {
                if (filled + answer.Length > filling.Length)
                    Array.Resize(ref filling, Math.Min(lengthMax, Math.Max(filling.Length * 2, filled + answer.Length)));
                answer.CopyTo(filling.AsSpan(filled));
                filled += answer.Length;
                return true;
            }
        }

        Close(OutputEnd.SlowPeer, failure: null);
        return false;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        lock (gate)
        {
            if (isSending || isClosed || filled == 0)
                return;
            isSending = true;
        }

        Send();
    }

    /// <summary>Flushes, and waits until the pipe has taken everything or the connection is closed. Nothing can be appended afterwards.</summary>
    internal Task DrainAsync()
    {
        Flush();
        lock (gate)
        {
            if (isClosed || !isSending)
            {
                isClosed = true;
                return Task.CompletedTask;
            }

            drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return drained.Task;
        }
    }

    /// <summary>Takes no further answers: the peer is gone.</summary>
    internal void Abandon() => Close(OutputEnd.PeerGone, failure: null);

    private void Send()
    {
        try
        {
            while (TryTake(out var length))
            {
                writer.Write(sending.AsSpan(0, length));
#pragma warning disable CA2012 // The awaiter is kept to continue without a task; its result is taken once, when it is there.
                flushing = writer.FlushAsync().GetAwaiter();
#pragma warning restore CA2012
                if (!flushing.IsCompleted)
                {
                    flushing.UnsafeOnCompleted(continueSending);
                    return;
                }

                if (!IsPeerThere())
                    return;
            }
        }
        catch (Exception exception)
        {
            Close(OutputEnd.Failed, exception);
        }
    }

    private void ContinueSending()
    {
        try
        {
            if (!IsPeerThere())
                return;
        }
        catch (Exception exception)
        {
            Close(OutputEnd.Failed, exception);
            return;
        }

        Send();
    }

    private bool IsPeerThere()
    {
        var result = flushing.GetResult();
        if (!result.IsCompleted && !result.IsCanceled)
            return true;
        Close(OutputEnd.PeerGone, failure: null);
        return false;
    }

    private bool TryTake(out int length)
    {
        lock (gate)
        {
            length = filled;
            if (!isClosed && length > 0)
            {
                (filling, sending) = (sending, filling);
                filled = 0;
                return true;
            }

            isSending = false;
            isClosed |= drained is not null;
            drained?.TrySetResult();
            return false;
        }
    }

    private void Close(OutputEnd end, Exception? failure)
    {
        lock (gate)
        {
            isSending = false;
            drained?.TrySetResult();
            if (isClosed)
                return;
            isClosed = true;
        }

        ended(end, failure);
    }
}
