using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Submits commands and waits for them.</summary>
public static class LedgerCommands
{
    /// <summary>Submits a command and ends when its outcome is known.</summary>
    public static Task<CommitOutcome> RunAsync(this ILedger ledger, AccountCommand command)
    {
        ledger.Submit(command);
        return command.Completion;
    }
}
