using System.Text.RegularExpressions;
using System.Xml.Linq;
using Processor.Testing;
using Xunit;

namespace Processor.Architecture.Tests;

/// <summary>A project is a wall: who may see whom is this table, and the project files keep to it.</summary>
public sealed partial class ProjectTableTests
{
    // project -> what it may see. Host may see all of src; tests and bench see what they like.
    private static readonly Dictionary<string, string[]> MaySee = new()
    {
        ["Cards"] = [],
        ["Iso8583"] = [],
        ["Security"] = ["Cards"],
        ["Ledger"] = ["Cards"],
        ["Authorization"] = ["Cards", "Ledger", "Security"],
        ["Records"] = ["Cards", "Ledger"],
        ["Clearing"] = ["Cards", "Ledger", "Records", "Iso8583"],
        ["Switch"] = ["Cards", "Iso8583", "Ledger", "Authorization"],
        ["Api"] = ["Cards", "Security", "Ledger", "Authorization", "Records", "Clearing"],
        ["Host"] =
        [
            "Cards", "Iso8583", "Security", "Ledger", "Authorization", "Records", "Clearing", "Switch", "Api",
        ],
        ["Cli"] = ["Cards", "Iso8583", "Security"],
    };

    public static TheoryData<string> Projects() => [.. ProjectFiles("src").Concat(ProjectFiles("tools"))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_what_it_may_see(string project)
    {
        var allowed = Assert.Contains(ShortName(project), (IDictionary<string, string[]>)MaySee);

        var references = XDocument.Load(RepositoryRoot.Path(project)).Descendants("ProjectReference")
            .Select(reference => ShortName(reference.Attribute("Include")!.Value));

        Assert.Empty(references.Except(allowed));
    }

    // A reference brings its own references along, so the project file alone does not keep a source from
    // naming what it may not see.
    [Theory]
    [MemberData(nameof(Projects))]
    public void A_source_names_only_what_its_project_may_see(string project)
    {
        string name = ShortName(project);
        string[] forbidden = [.. MaySee.Keys.Where(other => other != name && !MaySee[name].Contains(other))];

        var found = RepositoryFiles.Sources(Path.GetDirectoryName(project)!)
            .SelectMany(file => OurNamespace().Matches(File.ReadAllText(RepositoryRoot.Path(file)))
                .Where(match => forbidden.Contains(match.Groups["name"].Value))
                .Select(match => $"{file}: {match.Value}"));

        Assert.Empty(found);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(RepositoryRoot.Path("Processor.sln")).Replace('\\', '/');

        var missing = new[] { "src", "tools", "tests", "bench" }.SelectMany(ProjectFiles)
            .Where(project => !solution.Contains($"\"{project}\"", StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    [Fact]
    public void Versions_stand_only_in_the_packages_file()
    {
        var versioned = new[] { "src", "tools", "tests", "bench" }.SelectMany(ProjectFiles)
            .Where(project => XDocument.Load(RepositoryRoot.Path(project)).Descendants("PackageReference")
                .Any(package => package.Attribute("Version") is not null));

        Assert.Empty(versioned);
    }

    private static IEnumerable<string> ProjectFiles(string folder) => RepositoryFiles.Below(folder, ".csproj");

    private static string ShortName(string projectPath) =>
        Path.GetFileNameWithoutExtension(projectPath.Replace('\\', '/'))["Processor.".Length..];

    [GeneratedRegex(@"(?:using (?:static )?|[^\w.""/])Processor\.(?<name>[A-Z]\w+)(?=[.;])")]
    private static partial Regex OurNamespace();
}
