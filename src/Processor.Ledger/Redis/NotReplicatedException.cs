namespace Processor.Ledger;

/// <summary>A batch that Redis has and too few of its replicas: what it decided must not be told yet. Sent again, it runs no second time.</summary>
/// <param name="have">Replicas that have it.</param>
/// <param name="wanted">Replicas that must.</param>
internal sealed class NotReplicatedException(long have, int wanted)
    : TimeoutException($"{have} of {wanted} replicas have the batch.");
