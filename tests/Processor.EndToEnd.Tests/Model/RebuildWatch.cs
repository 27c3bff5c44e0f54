using System.Collections.Concurrent;
using Processor.Ledger;

namespace Processor.EndToEnd.Tests;

/// <summary>Looks at each partition in the moment in which it is rebuilt: Redis has all of it, and Postgres does not say so yet.</summary>
/// <param name="look">What is kept of a partition.</param>
internal sealed class RebuildWatch(Func<int, Task<SortedDictionary<string, string>>> look)
{
    private readonly ConcurrentDictionary<int, SortedDictionary<string, string>> images = [];

    /// <summary>What was seen, of all partitions.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Seen => images.Values.SelectMany(image => image);

    /// <summary>True while nobody may begin to rebuild.</summary>
    internal bool IsHeld { get; set; }

    /// <summary>True from the moment on in which Redis has all of a partition.</summary>
    internal bool IsRebuilt(int partition) => images.ContainsKey(partition);

    /// <summary>Stands between a host and what it agrees on with the others.</summary>
    internal ILedgerRecovery Over(ILedgerRecovery recovery) => new Recovery(this, recovery);

    private async Task LookAsync(int partition) => images[partition] = await look(partition);

    private sealed class Recovery(RebuildWatch watch, ILedgerRecovery recovery) : PassedOn(recovery)
    {
        public override async Task<IPartitionRebuild?> TryBeginRebuildAsync(int partition, CancellationToken cancellation) =>
            !watch.IsHeld && await base.TryBeginRebuildAsync(partition, cancellation) is { } rebuild ? new Rebuild(watch, partition, rebuild) : null;
    }

    private sealed class Rebuild(RebuildWatch watch, int partition, IPartitionRebuild rebuild) : IPartitionRebuild
    {
        public long Epoch => rebuild.Epoch;

        public Task<PartitionLoss?> CloseJournalAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) => rebuild.CloseJournalAsync(entries, cancellation);

        public IAsyncEnumerable<RebuiltAccount> ReadAccountsAsync(CancellationToken cancellation) => rebuild.ReadAccountsAsync(cancellation);

        public async Task<bool> FinishAsync(CancellationToken cancellation)
        {
            await watch.LookAsync(partition);
            return await rebuild.FinishAsync(cancellation);
        }

        public ValueTask DisposeAsync() => rebuild.DisposeAsync();
    }
}
