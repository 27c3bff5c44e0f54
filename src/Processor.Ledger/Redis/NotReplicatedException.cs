namespace Processor.Ledger;

/// <summary>A batch that Redis has and too few of its replicas: what it decided must not be told yet. Sent again, it runs no second time.</summary>
internal sealed class NotReplicatedException : TimeoutException
{
    /// <param name="have">Replicas that have it.</param>
    /// <param name="wanted">Replicas that must.</param>
    internal NotReplicatedException(long have, int wanted)
        : base($"{have} of {wanted} replicas have the batch.")
    {
    }

    /// <param name="wanted">Replicas that must have it.</param>
    /// <param name="refusal">Why Redis does not wait for them.</param>
    internal NotReplicatedException(int wanted, RedisErrorException refusal)
        : base($"Whether {wanted} replicas have the batch is not known: {refusal.Message}", refusal)
    {
    }
}
