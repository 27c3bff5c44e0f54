using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Reads an account as this host knows it. Another host may have changed it a moment ago.</summary>
public sealed class ReadAccountCommand : AccountCommand
{
    /// <summary>State of the account.</summary>
    public AccountRecord Account { get; private set; }

    /// <summary>Its balances.</summary>
    public IReadOnlyList<BalanceRecord> Balances { get; private set; } = [];

    /// <summary>Its cards, by ordinal.</summary>
    public IReadOnlyList<CardRecord> Cards { get; private set; } = [];

    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        if (!account.Exists)
            return Say(CommandResult.NotFound);
        Account = account.Account;
        Balances = account.Balances.ToArray();
        var cards = new List<CardRecord>();
        for (ushort ordinal = 1; ordinal <= account.Account.Cards; ordinal++)
        {
            if (account.HasCard(ordinal))
                cards.Add(account.Card(ordinal));
        }

        Cards = cards;
        return Say(CommandResult.Done);
    }
}
