using System.Globalization;

namespace Processor.Cli.Reports;

/// <summary>One side of a chart: where a value lies on it, and which values are named.</summary>
/// <param name="Title">What it measures, with the unit.</param>
/// <param name="Place">From a value to 0 (the beginning) to 1 (the end).</param>
/// <param name="Ticks">Values with their names, ascending.</param>
internal sealed record Axis(string Title, Func<double, double> Place, IReadOnlyList<(double Value, string Name)> Ticks)
{
    private static readonly double[] Steps = [1, 2, 5];

    /// <summary>Even from 0 to at least a value, in four to eight round steps.</summary>
    public static Axis Linear(string title, double most)
    {
        most = Math.Max(most, 1e-9);
        double step = Math.Pow(10, Math.Floor(Math.Log10(most / 4)));
        step *= most / step <= 8 ? 1 : most / step <= 16 ? 2 : 5;
        int count = (int)Math.Ceiling((most / step) - 1e-9);
        double top = count * step;
        return new(
            title, value => value / top,
            [.. Enumerable.Range(0, count + 1).Select(index => (index * step, (index * step).ToString("#,0.###", CultureInfo.InvariantCulture)))]);
    }

    /// <summary>Even between two values, for what does not begin at 0.</summary>
    public static Axis Time(string title, double least, double most)
    {
        double span = Math.Max(most - least, 1e-9);
        var even = Linear(title, most);
        return even with
        {
            Place = value => (value - least) / span,
            Ticks = [.. even.Ticks.Where(tick => tick.Value >= least && tick.Value <= most)],
        };
    }

    /// <summary>By orders of magnitude, for latencies in nanoseconds.</summary>
    public static Axis Logarithmic(string title, double least, double most)
    {
        double[] rounds = [.. Enumerable.Range(0, 15).SelectMany(power => Steps.Select(step => step * Math.Pow(10, power)))];
        double first = rounds.Last(round => round <= Math.Max(least, 1));
        double last = rounds.First(round => round >= Math.Max(most, first * 10));
        double span = Math.Log(last / first);
        return new(
            title, value => Math.Log(Math.Clamp(value, first, last) / first) / span,
            [.. rounds.Where(round => round >= first && round <= last).Select(round => (round, Short((long)round)))]);
    }

    /// <summary>By percentile: each step to the right leaves out a tenth of what was left.</summary>
    /// <param name="title">What it measures.</param>
    /// <param name="nines">The greatest percentile has so many nines.</param>
    public static Axis Percentile(string title, double nines)
    {
        (double, string)[] ticks =
            [(0, "0"), (50, "50"), (90, "90"), (99, "99"), (99.9, "99.9"), (99.99, "99.99"), (99.999, "99.999"), (99.9999, "99.9999")];
        double Place(double percent) => Math.Min(1, -Math.Log10(Math.Max(1 - (percent / 100), 1e-12)) / nines);
        return new(title, Place, [.. ticks.Where(tick => -Math.Log10(1 - (tick.Item1 / 100)) <= nines + 1e-9)]);
    }

    private static string Short(long nanoseconds) => nanoseconds switch
    {
        < 1_000 => $"{nanoseconds} ns",
        < 1_000_000 => $"{nanoseconds / 1_000} µs",
        < 1_000_000_000 => $"{nanoseconds / 1_000_000} ms",
        _ => $"{nanoseconds / 1_000_000_000} s",
    };
}
