namespace Processor.Ledger.Tests;

/// <summary>A ledger's registration kept in memory, shared by the hosts of a test.</summary>
internal sealed class Registry : ILedgerRegistry
{
    private readonly Lock gate = new();
    private bool[]? started;
    private int writers;

    public Task<LedgerMembership> JoinAsync(int partitions, CancellationToken cancellation)
    {
        lock (gate)
        {
            started ??= new bool[partitions];
            return Task.FromResult(new LedgerMembership(++writers, [.. started.Select(isStarted => new PartitionRegistration(1, isStarted))]));
        }
    }

    public Task MarkStartedAsync(int partition, CancellationToken cancellation)
    {
        lock (gate)
            started![partition] = true;
        return Task.CompletedTask;
    }
}
