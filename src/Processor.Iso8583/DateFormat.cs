namespace Processor.Iso8583;

/// <summary>What the digits of an element must be, where a dialect asks for it.</summary>
public enum DateFormat : byte
{
    /// <summary>Anything.</summary>
    None,

    /// <summary>Month and day.</summary>
    MonthDay,

    /// <summary>Year of the century and month, as cards expire.</summary>
    YearMonth,

    /// <summary>Hours, minutes, seconds.</summary>
    Time,

    /// <summary>Year of the century, month, day.</summary>
    Date,

    /// <summary>Year with its century, month, day.</summary>
    LongDate,

    /// <summary>Month, day, hours, minutes, seconds.</summary>
    MonthDayTime,

    /// <summary>Year of the century, month, day, hours, minutes, seconds.</summary>
    DateTime,

    /// <summary>Year with its century, month, day, hours, minutes, seconds.</summary>
    LongDateTime,
}
