using System.Collections.Concurrent;
using NodaTime;

namespace Processor.Authorization;

/// <summary>Where the days, weeks and months of limits begin in a time zone. Keeps the present windows, so that asking allocates nothing.</summary>
public sealed class CalendarWindows
{
    private readonly DateTimeZone zone;
    private CalendarWindow current;

    private CalendarWindows(DateTimeZone zone)
    {
        this.zone = zone;
        current = Compute(0);
    }

    private static readonly ConcurrentDictionary<string, CalendarWindows> ByZone = new(StringComparer.Ordinal);

    /// <summary>The calendar of an IANA time zone.</summary>
    /// <exception cref="ArgumentException">The zone is not known.</exception>
    public static CalendarWindows Of(string timeZone) => ByZone.GetOrAdd(timeZone, static id =>
        new CalendarWindows(DateTimeZoneProviders.Tzdb.GetZoneOrNull(id)
            ?? throw new ArgumentException($"'{id}' is not an IANA time zone.", nameof(timeZone))));

    /// <summary>The windows that hold a moment.</summary>
    /// <param name="at">Unix milliseconds.</param>
    public CalendarWindow At(long at)
    {
        var window = Volatile.Read(ref current);
        if (at >= window.DayStart && at < window.DayEnd)
            return window;
        window = Compute(at);
        Volatile.Write(ref current, window);
        return window;
    }

    private CalendarWindow Compute(long at)
    {
        var date = Instant.FromUnixTimeMilliseconds(at).InZone(zone).Date;
        return new CalendarWindow(
            StartOf(date),
            StartOf(date.PlusDays(1)),
            StartOf(date.PlusDays(1 - (int)date.DayOfWeek)),
            StartOf(new LocalDate(date.Year, date.Month, 1)),
            ((date.Year - 2000) * 100) + date.Month);
    }

    // A day begins at its first moment: midnight, or later where a change of clocks skips midnight.
    private long StartOf(LocalDate date) => zone.AtStartOfDay(date).ToInstant().ToUnixTimeMilliseconds();
}
