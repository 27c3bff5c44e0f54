using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Api;

/// <summary>Asks the ledger on behalf of the façade's callers.</summary>
internal sealed class LedgerDesk(ILedger ledger)
{
    /// <summary>The account as every host would see it now, or null when the ledger has none.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger did not answer.</exception>
    internal async Task<ReadAccount?> ReadAsync(Ulid accountId)
    {
        var read = new ReadAccountCommand { AccountId = accountId };
        return await RunAsync(read) == CommandResult.NotFound ? null : new(read.Account, read.Balances, read.Cards);
    }

    /// <summary>Has a command carried out.</summary>
    /// <returns>What the decision said; a missing account is <see cref="CommandResult.NotFound"/>.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger did not answer.</exception>
    internal async Task<CommandResult> RunAsync(AccountCommand command) => await ledger.RunAsync(command) switch
    {
        CommitOutcome.Committed => command.Said,
        CommitOutcome.AccountNotFound => CommandResult.NotFound,
        CommitOutcome.Unavailable or CommitOutcome.Unknown => throw new LedgerUnavailableException("The ledger did not take a command."),
        var outcome => throw new InvalidOperationException($"A command was answered {outcome}: {command.GetType().Name} of account {command.AccountId}."),
    };
}
