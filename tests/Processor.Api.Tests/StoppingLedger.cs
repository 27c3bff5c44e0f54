using Processor.Cards;
using Processor.Ledger;

namespace Processor.Api.Tests;

/// <summary>A ledger that cancels the caller's token once it was called so often: as a process that ends between two steps.</summary>
internal sealed class StoppingLedger(ILedger ledger, ICardDirectory directory, int calls, CancellationTokenSource stop) : ILedger, ICardDirectory
{
    private int count = calls;

    public void Submit(LedgerOperation operation)
    {
        Count();
        ledger.Submit(operation);
    }

    public bool TryFind(PanHash pan, out CardDirectoryEntry entry) => directory.TryFind(pan, out entry);

    public ValueTask<CardDirectoryEntry?> FindAsync(PanHash pan, CancellationToken cancellation) => directory.FindAsync(pan, cancellation);

    public Task AddAsync(PanHash pan, Ulid accountId, int program, CardInstance instance, CancellationToken cancellation)
    {
        Count();
        return directory.AddAsync(pan, accountId, program, instance, cancellation);
    }

    private void Count()
    {
        if (Interlocked.Decrement(ref count) == -1)
            stop.Cancel();
    }
}
