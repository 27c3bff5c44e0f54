namespace Processor.Authorization.Tests;

/// <summary>One scenario of a table: what is given, then steps with what they must come to.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Name">The scenario's sentence.</param>
/// <param name="Given">Words of the <c>given</c> line.</param>
/// <param name="Steps">The steps in order.</param>
public sealed record Scenario(string File, string Name, IReadOnlyDictionary<string, string> Given, IReadOnlyList<ScenarioStep> Steps)
{
    /// <summary>Reads every scenario of a file.</summary>
    public static IEnumerable<Scenario> Read(string path)
    {
        string? name = null;
        var given = new Dictionary<string, string>();
        var steps = new List<ScenarioStep>();
        var number = 0;
        foreach (var line in System.IO.File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("== ", StringComparison.Ordinal))
            {
                if (name is not null)
                    yield return new Scenario(Path.GetFileName(path), name, given, steps);
                (name, given, steps) = (line[3..], [], []);
            }
            else if (line.StartsWith("given", StringComparison.Ordinal))
            {
                given = Words(line[5..]);
            }
            else
            {
                var columns = line.Split('|');
                steps.Add(new ScenarioStep(
                    number,
                    columns[0].Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    columns.Length > 1 ? columns[1].Trim() : string.Empty,
                    Words(columns.Length > 2 ? columns[2] : string.Empty)));
            }
        }

        if (name is not null)
            yield return new Scenario(Path.GetFileName(path), name, given, steps);
    }

    /// <inheritdoc/>
    public override string ToString() => File + ": " + Name;

    internal static Dictionary<string, string> Words(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts.Length > 1 ? parts[1] : "yes");
}
