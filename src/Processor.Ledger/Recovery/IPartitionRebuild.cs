using Processor.Cards;

namespace Processor.Ledger;

/// <summary>One rebuild of a partition, by the one host that took it on.</summary>
public interface IPartitionRebuild : IAsyncDisposable
{
    /// <summary>The epoch that will be valid.</summary>
    long Epoch { get; }

    /// <summary>Takes in what Redis still has of the journal, and closes it: from here on the records are all there is.</summary>
    /// <returns>The loss, which is noted, when acknowledged entries may be missing and no operator has said to go on; else null.</returns>
    Task<PartitionLoss?> CloseJournalAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation);

    /// <summary>Every account of the partition with all fields of its hash, as last committed.</summary>
    IAsyncEnumerable<RebuiltAccount> ReadAccountsAsync(CancellationToken cancellation);

    /// <summary>Says that Redis has it all: the new epoch is valid.</summary>
    /// <returns>False when more was handed in meanwhile: it must be rebuilt once more, with that.</returns>
    Task<bool> FinishAsync(CancellationToken cancellation);
}
