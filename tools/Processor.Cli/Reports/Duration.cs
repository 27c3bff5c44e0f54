using System.Globalization;

namespace Processor.Cli.Reports;

/// <summary>Writes latencies for people: three significant digits, in the unit that suits.</summary>
internal static class Duration
{
    /// <summary>As <c>612 µs</c>, <c>2.31 ms</c> or <c>1.20 s</c>.</summary>
    public static string Of(long nanoseconds) => nanoseconds switch
    {
        < 1_000_000 => $"{Digits(nanoseconds / 1e3)} µs",
        < 1_000_000_000 => $"{Digits(nanoseconds / 1e6)} ms",
        _ => $"{Digits(nanoseconds / 1e9)} s",
    };

    private static string Digits(double value) =>
        value.ToString(value switch { < 10 => "0.00", < 100 => "0.0", _ => "0" }, CultureInfo.InvariantCulture);
}
