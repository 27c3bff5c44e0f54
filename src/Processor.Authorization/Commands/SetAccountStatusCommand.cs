using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Pauses, resumes or closes an account. A closed one stays closed.</summary>
public sealed class SetAccountStatusCommand : AccountCommand
{
    /// <summary>The new state.</summary>
    public required AccountStatus Status { get; init; }

    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        if (!account.Exists)
            return Say(CommandResult.NotFound);
        if (WasDone(account, (long)Status, 0))
            return DecideResult.Unchanged;
        if (account.Account.Status == Status)
            return Say(CommandResult.DoneBefore);
        if (account.Account.Status == AccountStatus.Closed)
            return Say(CommandResult.InvalidState);
        account.SetStatus(Status);
        var record = new EventRecord { Type = EventType.AccountStatusChanged, AccountStatus = Status };
        return Do(account, ref record, (long)Status, 0);
    }
}
