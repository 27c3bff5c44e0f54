namespace Processor.Bench;

/// <summary>One measured number.</summary>
/// <param name="Group">What it belongs to: a heading of the sheet.</param>
/// <param name="Name">What was measured.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
internal sealed record Figure(string Group, string Name, double Value, string Unit)
{
    /// <summary>What it is held against, measured in the same run; empty for none.</summary>
    public string Yardstick { get; init; } = "";

    /// <summary>Value divided by the yardstick's; not a number for none.</summary>
    public double Ratio { get; init; } = double.NaN;

    /// <summary>Under which conditions; empty for none beyond the heading's.</summary>
    public string Note { get; init; } = "";
}
