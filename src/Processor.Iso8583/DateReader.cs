namespace Processor.Iso8583;

/// <summary>Dates and times as digits.</summary>
internal static class DateReader
{
    private const int DaysHalf = 183;

    /// <summary>Digits of a format.</summary>
    public static int LengthOf(DateFormat format) => format switch
    {
        DateFormat.MonthDay or DateFormat.YearMonth => 4,
        DateFormat.Time or DateFormat.Date => 6,
        DateFormat.LongDate => 8,
        DateFormat.MonthDayTime => 10,
        DateFormat.DateTime => 12,
        DateFormat.LongDateTime => 14,
        _ => 0,
    };

    /// <summary>Whether the digits are a date or a time that exists; February has 29 days where the year is not told.</summary>
    public static bool Exists(DateFormat format, ReadOnlySpan<byte> digits)
    {
        if (digits.Length != LengthOf(format))
            return false;
        if (format == DateFormat.YearMonth)
            return Number(digits[2..]) is >= 1 and <= 12;
        if (format == DateFormat.Time)
            return IsTime(digits);
        bool hasTime = digits.Length >= 10;
        int dateLength = hasTime ? digits.Length - 6 : digits.Length;
        int year = dateLength switch { 4 => 2000, 6 => 2000 + Number(digits[..2]), _ => Number(digits[..4]) };
        return IsDate(year, Number(digits[(dateLength - 4)..(dateLength - 2)]), Number(digits[(dateLength - 2)..dateLength]))
            && (!hasTime || IsTime(digits[dateLength..]));
    }

    /// <summary>
    /// Reads MMDD, YYMMDD, YYYYMMDD, MMDDhhmmss, YYMMDDhhmmss or YYYYMMDDhhmmss; what the digits leave out is chosen so
    /// that the date is as near as can be.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> digits, DateTime near, out DateTime value)
    {
        value = default;
        if (digits.Length is not (4 or 6 or 8 or 10 or 12 or 14))
            return false;
        bool hasTime = digits.Length >= 10;
        var time = hasTime ? digits[^6..] : default;
        var date = hasTime ? digits[..^6] : digits;
        if (hasTime && !IsTime(time))
            return false;
        int month = Number(date[^4..^2]);
        int day = Number(date[^2..]);
        int year = date.Length switch
        {
            8 => Number(date[..4]),
            6 => NearestCentury(Number(date[..2]), near.Year),
            _ => NearestYear(month, day, near),
        };
        if (!IsDate(year, month, day))
            return false;
        value = new DateTime(year, month, day);
        if (hasTime)
            value = value.AddSeconds(3600 * Number(time[..2]) + 60 * Number(time[2..4]) + Number(time[4..]));
        return true;
    }

    private static int NearestCentury(int year, int near)
    {
        int nearest = near - near % 100 + year;
        return nearest - near > 50 ? nearest - 100 : near - nearest > 50 ? nearest + 100 : nearest;
    }

    private static int NearestYear(int month, int day, DateTime near)
    {
        int days = (month - near.Month) * 31 + day - near.Day;
        int year = days > DaysHalf ? near.Year - 1 : days < -DaysHalf ? near.Year + 1 : near.Year;
        return Math.Clamp(year, 1, 9999);
    }

    private static bool IsDate(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);

    private static bool IsTime(ReadOnlySpan<byte> digits) =>
        Number(digits[..2]) is >= 0 and < 24 && Number(digits[2..4]) is >= 0 and < 60 && Number(digits[4..6]) is >= 0 and < 60;

    /// <summary>-1 when a character is no digit.</summary>
    private static int Number(ReadOnlySpan<byte> digits)
    {
        int number = 0;
        foreach (byte digit in digits)
        {
            if ((uint)(digit - '0') > 9)
                return -1;
            number = number * 10 + (digit - '0');
        }

        return number;
    }
}
