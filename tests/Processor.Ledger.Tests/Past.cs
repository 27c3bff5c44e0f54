using Processor.Cards;

namespace Processor.Ledger.Tests;

/// <summary>History that a test writes down.</summary>
internal sealed class Past : IHistory
{
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<KeyValuePair<UInt128, byte[]>> Holds { get; } = [];

    public bool IsAway { get; set; }

    /// <summary>What an answer waits for, whatever its asker does meanwhile.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Ends when it is asked.</summary>
    public Task Asked => asked.Task;

    public async ValueTask<IReadOnlyList<KeyValuePair<UInt128, byte[]>>> FindAsync(Ulid accountId, UInt128 key, OriginalQuery original, Ulid transaction, CancellationToken cancellation)
    {
        asked.TrySetResult();
        if (IsAway)
            throw new TimeoutException("Postgres is away.");
        if (Gate is { } gate)
            await gate.Task;
        return Holds;
    }
}
