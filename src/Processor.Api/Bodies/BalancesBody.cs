using Processor.Cards;
using Processor.Ledger;

namespace Processor.Api;

/// <summary>What an account has in one currency.</summary>
internal sealed record BalancesBody(Money Posted, Money Held, Money Available, Money CreditLimit)
{
    internal static BalancesBody Of(in BalanceRecord balance) => new(
        Money.Of(balance.Posted, balance.Currency),
        Money.Of(balance.Held, balance.Currency),
        Money.Of(balance.Available, balance.Currency),
        Money.Of(balance.CreditLimit, balance.Currency));

    internal static BalancesBody None(Currency currency) => Of(new BalanceRecord { Currency = currency.Numeric });
}
