using Processor.Cards;

namespace Processor.Api;

/// <summary>An amount as the façade writes it.</summary>
/// <param name="Amount">Minor units.</param>
/// <param name="Currency">Three letters of ISO 4217.</param>
internal sealed record Money(long Amount, string Currency)
{
    internal static Money Of(long minorUnits, Currency currency) => new(minorUnits, currency.Alpha);

    internal static Money Of(long minorUnits, ushort currency) => Of(minorUnits, new Currency(currency));
}
