namespace Processor.Bench;

/// <summary>The figures of one run, in the order in which they were measured.</summary>
internal sealed class FigureSheet(string name, Machine machine, DateTimeOffset startedAt)
{
    private readonly List<Figure> figures = [];

    /// <summary>What was run.</summary>
    public string Name { get; } = name;

    /// <summary>Where it was run.</summary>
    public Machine Machine { get; } = machine;

    /// <summary>When it was run.</summary>
    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>All figures.</summary>
    public IReadOnlyList<Figure> Figures => figures;

    /// <summary>Adds a figure and prints it.</summary>
    public void Add(string group, string name, double value, string unit, string note = "") =>
        Add(new Figure(group, name, value, unit) { Note = note });

    /// <summary>Adds a figure that is held against another one of this sheet.</summary>
    /// <param name="group">Its heading.</param>
    /// <param name="name">What was measured.</param>
    /// <param name="value">How much.</param>
    /// <param name="unit">Of what.</param>
    /// <param name="against">The name of the yardstick; one that was not measured in this run leaves the figure without ratio.</param>
    /// <param name="note">Conditions.</param>
    public void AddAgainst(string group, string name, double value, string unit, string against, string note = "")
    {
        var yardstick = Find(against);
        Add(yardstick is null
            ? new Figure(group, name, value, unit) { Note = note }
            : new Figure(group, name, value, unit) { Note = note, Yardstick = against, Ratio = value / yardstick.Value });
    }

    /// <summary>The first figure of a name, or null.</summary>
    public Figure? Find(string name) => figures.Find(figure => figure.Name == name);

    private void Add(Figure figure)
    {
        figures.Add(figure);
        Console.WriteLine($"  {figure.Group}: {SheetText.Line(figure)}");
    }
}
