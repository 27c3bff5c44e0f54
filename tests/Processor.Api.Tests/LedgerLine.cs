using Processor.Authorization;
using Processor.Ledger;

namespace Processor.Api.Tests;

/// <summary>The way to the ledger, which a test can cut: what is submitted then is answered as unavailable.</summary>
internal sealed class LedgerLine(Ledger<AuthorizationDecide> ledger, Ledger<AuthorizationDecide> drained) : ILedger, IAsyncDisposable
{
    /// <summary>Submissions that still get through; negative for all.</summary>
    internal int Left { get; set; } = -1;

    public void Submit(LedgerOperation operation)
    {
        if (Left > 0)
            Left--;
        else if (Left == 0)
        {
            drained.Submit(operation);
            return;
        }

        ledger.Submit(operation);
    }

    public ValueTask DisposeAsync() => drained.DisposeAsync();
}
