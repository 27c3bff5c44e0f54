using Processor.Cards;
using Processor.Ledger;

namespace Processor.Authorization;

/// <summary>Money that the program adds to an account or takes back from it. Its key is the operation's id.</summary>
public sealed class TransferCommand : AccountCommand
{
    /// <summary><see cref="TransactionKind.TopUp"/> or <see cref="TransactionKind.Withdraw"/>.</summary>
    public required TransactionKind Kind { get; init; }

    /// <summary>More than zero.</summary>
    public required Amount Amount { get; init; }

    /// <summary>The card for which it is shown; <see cref="Ulid.None"/> for the account alone.</summary>
    public Ulid CardId { get; init; }

    /// <summary>The balance after the command.</summary>
    public BalanceRecord Balance { get; private set; }

    internal override DecideResult Decide(AccountAggregate account, ProgramDirectory programs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Amount.MinorUnits);
        if (!account.Exists)
            return Say(CommandResult.NotFound);
        var index = account.FindBalance(Amount.Currency.Numeric);
        if (index < 0)
            return Say(CommandResult.CurrencyMismatch);
        Balance = account.Balance(index);
        if (WasDone(account, Amount.MinorUnits, Amount.Currency.Numeric))
            return DecideResult.Unchanged;
        if (!HasHistory)
            return DecideResult.NeedsHistory;
        if (account.Account.Status == AccountStatus.Closed)
            return Say(CommandResult.InvalidState);
        if (Kind == TransactionKind.Withdraw && Balance.Available < Amount.MinorUnits)
            return Say(CommandResult.InsufficientFunds);
        var delta = Kind == TransactionKind.Withdraw ? -Amount.MinorUnits : Amount.MinorUnits;
        account.Post(Amount.Currency.Numeric, delta);
        Balance = account.Balance(index);
        var record = new EventRecord
        {
            Type = Kind == TransactionKind.Withdraw ? EventType.Withdraw : EventType.TopUp,
            Kind = Kind,
            CardId = CardId,
            PostedDelta = delta,
        };
        return Do(account, ref record, Amount.MinorUnits, Amount.Currency.Numeric);
    }
}
