using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>Limits of a card, or of the account under ordinal 0: hash field <c>l</c> and the ordinal as two bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LimitRecord
{
    /// <summary>ISO 4217 numeric code of the amounts; transactions decided in another currency are not counted here.</summary>
    public ushort Currency;

    /// <summary>All that debits.</summary>
    public LimitSet All;

    /// <summary>Cash alone, beside <see cref="All"/>.</summary>
    public LimitSet Cash;

    /// <summary>No limit at all.</summary>
    public static LimitRecord None(ushort currency) => new() { Currency = currency, All = LimitSet.None, Cash = LimitSet.None };
}
