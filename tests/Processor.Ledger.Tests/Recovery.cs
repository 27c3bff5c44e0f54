using System.Collections.Concurrent;

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

    /// <summary>True while no host is seen.</summary>
    internal bool FailsToBeat { get; set; }

    /// <summary>The hosts that are not seen any more.</summary>
    internal IReadOnlyList<SilentHost> Silent { get; set; } = [];

    /// <summary>What hosts that were struck out committed last, or something behind it.</summary>
    internal ConcurrentDictionary<SilentHost, JournalId> StruckOut { get; } = new();

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
        if (FailsToBeat)
            throw new TimeoutException("Postgres is away.");
        lock (gate)
            return Task.FromResult<IReadOnlyList<PartitionStanding>>([.. standings]);
    }

    public Task LeaveAsync(int writer, IReadOnlyList<JournalId> unrecorded, CancellationToken cancellation) => Task.CompletedTask;

    public Task<IReadOnlyList<SilentHost>> ListSilentAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<SilentHost>>([.. Silent.Except(StruckOut.Keys)]);

    public Task StrikeOutAsync(SilentHost host, JournalId last, CancellationToken cancellation)
    {
        StruckOut[host] = last;
        return Task.CompletedTask;
    }

    public Task<bool> ConfirmAsync(int partition, long epoch, string run, int writer, CancellationToken cancellation) => FailsToBeat
        ? throw new TimeoutException("Postgres is away.")
        : Task.FromResult(this[partition].Epoch == epoch && this[partition].State == PartitionState.Ready);

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

    public Task<PartitionLoss?> HandInAsync(int partition, long epoch, int writer, IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) =>
        Task.FromResult<PartitionLoss?>(null);

    public Task<IPartitionRebuild?> TryBeginRebuildAsync(int partition, CancellationToken cancellation) => Task.FromResult(Rebuild?.Invoke());
}
