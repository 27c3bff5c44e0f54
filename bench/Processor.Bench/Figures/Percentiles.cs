namespace Processor.Bench;

/// <summary>Times that were measured one by one.</summary>
internal sealed class Percentiles
{
    private readonly double[] sorted;

    /// <param name="values">In any order and unit; at least one.</param>
    public Percentiles(IEnumerable<double> values)
    {
        sorted = [.. values];
        if (sorted.Length == 0)
            throw new ArgumentException("Nothing was measured.", nameof(values));
        Array.Sort(sorted);
    }

    /// <summary>How many.</summary>
    public int Count => sorted.Length;

    /// <summary>The value that so many percent do not exceed.</summary>
    public double At(double percent) => sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * percent / 100) - 1, 0, sorted.Length - 1)];
}
