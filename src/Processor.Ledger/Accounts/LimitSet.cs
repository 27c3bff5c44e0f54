using System.Runtime.InteropServices;

namespace Processor.Ledger;

/// <summary>Upper bounds, each inclusive; −1 is none. Amounts in minor units.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct LimitSet
{
    /// <summary>Of one transaction.</summary>
    public long TransactionAmount;

    /// <summary>Of a calendar day in the program's time zone.</summary>
    public long DayAmount;

    /// <summary>Of a week that begins on Monday.</summary>
    public long WeekAmount;

    /// <summary>Of a calendar month.</summary>
    public long MonthAmount;

    /// <summary>Transactions of a day.</summary>
    public int DayCount;

    /// <summary>Transactions of a week.</summary>
    public int WeekCount;

    /// <summary>Transactions of a month.</summary>
    public int MonthCount;

    /// <summary>All bounds absent.</summary>
    public static readonly LimitSet None = new()
    {
        TransactionAmount = -1,
        DayAmount = -1,
        WeekAmount = -1,
        MonthAmount = -1,
        DayCount = -1,
        WeekCount = -1,
        MonthCount = -1,
    };
}
