namespace Processor.Authorization;

/// <summary>The day, week and month that hold a moment, in one time zone. Unix milliseconds.</summary>
/// <param name="DayStart">First moment of the day.</param>
/// <param name="DayEnd">First moment of the next day.</param>
/// <param name="WeekStart">First moment of the week's Monday.</param>
/// <param name="MonthStart">First moment of the month's first day.</param>
/// <param name="YearMonth">YYMM counted from 2000, as DE 14 writes it: 2611 is November 2026.</param>
public sealed record CalendarWindow(long DayStart, long DayEnd, long WeekStart, long MonthStart, int YearMonth);
