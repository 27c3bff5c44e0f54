namespace Processor.Ledger.Tests;

/// <summary>What hosts agree on, kept in memory: a test says how partitions stand, and whether it can be asked.</summary>
internal sealed class Recovery(int partitions) : ILedgerRecovery
{
    private readonly PartitionStanding[] standings = [.. Enumerable.Repeat(new PartitionStanding(1, PartitionState.Ready, JournalId.Zero), partitions)];
    private readonly Lock gate = new();
    private int tries;

    /// <summary>Begins the rebuilding of partition 0; null while nobody may.</summary>
    internal Func<IPartitionRebuild>? Rebuild { get; set; }

    /// <summary>True while no epoch can be ended, as when Postgres is away.</summary>
    internal bool FailsToEnd { get; set; }

    /// <summary>How often somebody tried to end an epoch.</summary>
    internal int Tries => Volatile.Read(ref tries);

    internal PartitionStanding this[int partition]
    {
        get
        {
            lock (gate)
                return standings[partition];
        }

        set
        {
            lock (gate)
                standings[partition] = value;
        }
    }

    public Task<IReadOnlyList<PartitionStanding>> BeatAsync(int writer, CancellationToken cancellation)
    {
        lock (gate)
            return Task.FromResult<IReadOnlyList<PartitionStanding>>([.. standings]);
    }

    public Task LeaveAsync(int writer, CancellationToken cancellation) => Task.CompletedTask;

    public Task<bool> ConfirmAsync(int partition, long epoch, string run, int writer, CancellationToken cancellation) =>
        Task.FromResult(this[partition].Epoch == epoch && this[partition].State == PartitionState.Ready);

    public Task<bool> EndEpochAsync(int partition, long epoch, string reason, CancellationToken cancellation)
    {
        Interlocked.Increment(ref tries);
        if (FailsToEnd)
            throw new TimeoutException("Postgres is away.");
        var isEnded = this[partition].Epoch == epoch && this[partition].State == PartitionState.Ready;
        if (isEnded)
            this[partition] = new PartitionStanding(epoch + 1, PartitionState.Lost, JournalId.Zero);
        return Task.FromResult(isEnded);
    }

    public Task HandInAsync(int partition, long epoch, int writer, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) => Task.CompletedTask;

    public Task<IPartitionRebuild?> TryBeginRebuildAsync(int partition, CancellationToken cancellation) => Task.FromResult(Rebuild?.Invoke());
}
