using Processor.Testing;

namespace Processor.Switch.Tests;

/// <summary>Rows of a file of <c>specs/scenarios</c>: cells between bars, lines with a hash are prose.</summary>
internal static class ScenarioTable
{
    public static IEnumerable<string[]> Rows(string name) => File.ReadLines(RepositoryRoot.Specs("scenarios", name + ".txt"))
        .Where(line => line.Contains('|', StringComparison.Ordinal) && !line.TrimStart().StartsWith('#'))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries));
}
