using System.Runtime.CompilerServices;
using Processor.Cards;

namespace Processor.Ledger.Tests;

/// <summary>The rebuilding of a partition from accounts that a test has.</summary>
/// <param name="accounts">What the records have.</param>
/// <param name="before">Runs before an account is handed out.</param>
/// <param name="finish">Runs when Redis has all.</param>
internal sealed class Rebuild(IReadOnlyList<RebuiltAccount> accounts, Func<Ulid, Task> before, Action finish) : IPartitionRebuild
{
    public long Epoch => 2;

    public Task<PartitionLoss?> CloseJournalAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellation) => Task.FromResult<PartitionLoss?>(null);

    public async IAsyncEnumerable<RebuiltAccount> ReadAccountsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var account in accounts)
        {
            await before(account.Id);
            yield return account;
        }
    }

    public Task<bool> FinishAsync(CancellationToken cancellation)
    {
        finish();
        return Task.FromResult(true);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
