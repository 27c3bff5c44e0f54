using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Opens an account. An account that exists is left as it is and said to be done before.</summary>
public sealed class OpenAccountCommand : AccountCommand
{
    /// <summary>Number of the program that owns it.</summary>
    public required int Program { get; init; }

    /// <summary>ISO 4217 numeric code of its balance.</summary>
    public required ushort Currency { get; init; }

    /// <summary>Minor units below zero that available may reach.</summary>
    public long CreditLimit { get; init; }

    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        if (account.Exists)
            return Say(CommandResult.DoneBefore);
        account.Open(Program, Currency, CreditLimit);
        var record = new EventRecord { Type = EventType.AccountOpened, AccountStatus = AccountStatus.Open };
        return Do(account, ref record, 0, Currency);
    }
}
