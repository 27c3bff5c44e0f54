using System.Globalization;

namespace Processor.Cli.Simulation;

/// <summary>Numbers that tell this run's requests from each other and from those of earlier runs.</summary>
internal sealed class TraceNumbers
{
    private const int StanMax = 999_999;
    private const long ReferenceLimit = 1_000_000_000_000;
    private const long ReferencesPerSecond = 100_000;

    private readonly TimeProvider clock;
    private int stan;
    private long reference;

    /// <summary>Begins where the clock says: runs a second apart do not meet below 100,000 references a second.</summary>
    public TraceNumbers(TimeProvider clock)
    {
        this.clock = clock;
        long ticks = clock.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        reference = ticks / (TimeSpan.TicksPerSecond / ReferencesPerSecond) % ReferenceLimit;
        stan = (int)(reference % StanMax);
    }

    /// <summary>The next system trace audit number, DE 11: six digits, 000001 to 999999.</summary>
    public string NextStan()
    {
        stan = (stan % StanMax) + 1;
        return stan.ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>The next retrieval reference, DE 37: twelve digits.</summary>
    public string NextReference()
    {
        reference = (reference + 1) % ReferenceLimit;
        return reference.ToString("D12", CultureInfo.InvariantCulture);
    }

    /// <summary>Transmission date and time, DE 7: MMDDhhmmss in UTC.</summary>
    public string Transmission() => Format("MMddHHmmss");

    /// <summary>Local time, DE 12: hhmmss. The box stands in UTC.</summary>
    public string LocalTime() => Format("HHmmss");

    /// <summary>Local date, DE 13: MMDD. The box stands in UTC.</summary>
    public string LocalDate() => Format("MMdd");

    private string Format(string format) => clock.GetUtcNow().ToString(format, CultureInfo.InvariantCulture);
}
