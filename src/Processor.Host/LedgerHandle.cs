using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Host;

/// <summary>The ledger of this host. Listeners are wired before it is open and serve after, so they hold this.</summary>
internal sealed class LedgerHandle : ILedger, ICardDirectory, IAsyncDisposable
{
    private Ledger<AuthorizationDecide>? ledger;

    internal bool IsReady => ledger is { IsReady: true };

    internal Ledger<AuthorizationDecide> Ledger => ledger ?? throw new InvalidOperationException("The ledger is not open yet.");

    public void Submit(LedgerOperation operation) => Ledger.Submit(operation);

    public bool TryFind(PanHash pan, out CardDirectoryEntry entry) => Ledger.Cards.TryFind(pan, out entry);

    public ValueTask<CardDirectoryEntry?> FindAsync(PanHash pan, CancellationToken cancellation) => Ledger.Cards.FindAsync(pan, cancellation);

    public Task AddAsync(PanHash pan, Ulid accountId, int program, CardInstance instance, CancellationToken cancellation) =>
        Ledger.Cards.AddAsync(pan, accountId, program, instance, cancellation);

    public ValueTask DisposeAsync() => ledger?.DisposeAsync() ?? ValueTask.CompletedTask;

    internal async Task OpenAsync(LedgerSettings settings, ILedgerRegistry registry, IHistory history, ILedgerRecovery recovery, ProgramDirectory programs, TimeProvider clock, ILoggerFactory logs, CancellationToken cancellation)
    {
        var decide = new AuthorizationDecide(programs, settings.RepeatWindow);
        ledger = await Ledger<AuthorizationDecide>.OpenAsync(settings, registry, history, recovery, decide, clock, logs, cancellation);
    }
}
