using Processor.Ledger;

namespace Processor.Bench;

/// <summary>A ledger's registration kept in memory: the ledger alone needs no Postgres.</summary>
internal sealed class MemoryRegistry : ILedgerRegistry, IHistory
{
    private bool[]? started;
    private int writers;

    /// <inheritdoc/>
    public Task<LedgerMembership> JoinAsync(int partitions, CancellationToken cancellation)
    {
        started ??= new bool[partitions];
        return Task.FromResult(new LedgerMembership(++writers, [.. started.Select(isStarted => new PartitionRegistration(1, isStarted))]));
    }

    /// <inheritdoc/>
    public Task MarkStartedAsync(int partition, CancellationToken cancellation)
    {
        started![partition] = true;
        return Task.CompletedTask;
    }

    /// <summary>Nothing happened before.</summary>
    public ValueTask<IReadOnlyList<KeyValuePair<UInt128, byte[]>>> FindAsync(
        Processor.Cards.Ulid accountId, UInt128 key, OriginalQuery original, Processor.Cards.Ulid transaction, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<KeyValuePair<UInt128, byte[]>>>([]);
}
