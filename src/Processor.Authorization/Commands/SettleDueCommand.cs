using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Has an account settle what is due, for accounts that nobody else touches. The settling happens before every decision.</summary>
public sealed class SettleDueCommand : AccountCommand
{
    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs) =>
        Say(account.Exists ? CommandResult.Done : CommandResult.NotFound);
}
