using Processor.Cards;
using Processor.Ledger;

namespace Processor.Api;

/// <summary>An account as the ledger has it now.</summary>
internal sealed record ReadAccount(AccountRecord Account, IReadOnlyList<BalanceRecord> Balances, IReadOnlyList<CardRecord> Cards)
{
    /// <summary>A card of the account, or null.</summary>
    internal CardRecord? FindCard(Ulid id)
    {
        foreach (var card in Cards)
        {
            if (card.CardId == id)
                return card;
        }

        return null;
    }

    /// <summary>The balance in a currency; all zero when the account has none.</summary>
    internal BalanceRecord BalanceIn(Currency currency)
    {
        foreach (var balance in Balances)
        {
            if (balance.Currency == currency.Numeric)
                return balance;
        }

        return new BalanceRecord { Currency = currency.Numeric };
    }
}
