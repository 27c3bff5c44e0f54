namespace Processor.Cli.Reports;

/// <summary>One line of a chart.</summary>
/// <param name="Name">As the legend has it.</param>
/// <param name="Look">The class that gives its colour.</param>
/// <param name="Points">Where it goes, with what a pointer resting there reads; empty for nothing.</param>
/// <param name="IsFilled">Whether the room below it is tinted.</param>
internal sealed record ChartLine(
    string Name, string Look, IReadOnlyList<(double X, double Y, string Note)> Points, bool IsFilled = false);
