namespace Processor.Ledger;

/// <summary>What waits for one reply. Each call has one of its own, which is never used again: what completes it twice does nothing.</summary>
internal sealed class RespCall() : TaskCompletionSource<RespReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal void Complete(RespReply reply)
    {
        if (reply.Kind == RespKind.Error)
            Fail(new RedisErrorException((string)reply!));
        else
            TrySetResult(reply);
    }

    internal void Fail(Exception problem)
    {
        // Who has stopped waiting does not look at it, and that is no mistake.
        if (TrySetException(problem))
            _ = Task.Exception;
    }
}
