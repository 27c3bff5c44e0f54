using Processor.Iso8583;

namespace Processor.Switch;

/// <content>How an answer leaves: written, given its authentication code, framed, appended.</content>
internal sealed partial class AuthorizationContext
{
    /// <summary>Sends an answer of a context that the deadline has left to its carrier.</summary>
    internal void SendLate(in Reply reply)
    {
        Interlocked.Increment(ref owners);
        Send(in reply, SendEnd.LetGo);
    }

    /// <summary>Writes an answer, has it given its authentication code where the endpoint has a key for one, sends it, and ends as it is told.</summary>
    private void Send(in Reply reply, SendEnd end)
    {
        var endpoint = Connection.Endpoint;
        var message = buffer.AsMemory(frameLength + endpoint.Framing.HeaderLength);
        var status = ReplyWriter.Write(message.Span, endpoint, View, in reply, out var length, out var place, out var failedElement);
        if (status != WriteStatus.Written)
        {
            SwitchLog.Unwritable(board.Log, endpoint.Name, Connection.Id, layout.Mti, status, failedElement);
            End(end);
            return;
        }

        if (endpoint.Mac is not { } mac)
        {
            Append(length);
            End(end);
            return;
        }

        var making = board.Codes.MakeAsync(mac.Plan, mac.CoveredOf(message[..length], in place), code.AsMemory(0, mac.Plan.Length));
        if (making.IsCompletedSuccessfully)
            SendSealed(making.Result, length, place, end);
        else
            _ = SendSealedAsync(making, length, place, end);
    }

    private async Task SendSealedAsync(ValueTask<bool> making, int length, MacPlace place, SendEnd end)
    {
        var output = Connection.Output;
        var isMade = false;
        try
        {
            isMade = await making;
        }
#pragma warning disable CA1031 // A module that fails otherwise than by a status has made no code, and the context must still end.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            SwitchLog.Failed(board.Log, failure, Connection.Endpoint.Name, Connection.Id, layout.Mti);
        }

        SendSealed(isMade, length, place, end);
        output.Flush();
    }

    /// <summary>An answer without its code is not sent: nobody could tell it from somebody else's.</summary>
    private void SendSealed(bool isMade, int length, in MacPlace place, SendEnd end)
    {
        var endpoint = Connection.Endpoint;
        if (isMade)
        {
            place.Write(buffer.AsSpan(frameLength + endpoint.Framing.HeaderLength, length), code.AsSpan(0, endpoint.Mac!.Plan.Length));
            Append(length);
        }
        else
        {
            SwitchLog.MacUnsent(board.Log, endpoint.Name, Connection.Id, layout.Mti);
            board.Metrics.Mac(MacVerdict.Unsent);
        }

        End(end);
    }

    private void Append(int messageLength)
    {
        var endpoint = Connection.Endpoint;
        var target = buffer.AsSpan(frameLength);
        if (FrameWriter.TryWrite(target, endpoint.Framing, messageLength, envelope.ToReply(), out var length))
            Connection.Output.Append(target[..length]);
        else
            SwitchLog.Unwritable(board.Log, endpoint.Name, Connection.Id, layout.Mti, WriteStatus.TooLong, element: 0);
    }

    private void End(SendEnd end)
    {
        switch (end)
        {
            case SendEnd.Close:
                Close();
                break;
            case SendEnd.Leave:
                Connection.Output.Flush();
                Connection.Leave();
                LetGo();
                break;
            default:
                LetGo();
                break;
        }
    }

    private enum SendEnd
    {
        /// <summary>Answered in time: nobody else has the context.</summary>
        Close,

        /// <summary>The deadline has answered, and lets go.</summary>
        Leave,

        /// <summary>Lets go of what was taken for the sending alone.</summary>
        LetGo,
    }
}
