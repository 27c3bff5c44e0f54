using System.Text.Json;
using System.Text.RegularExpressions;
using Processor.Testing;
using Xunit;

namespace Processor.Architecture.Tests;

/// <summary>Habits that a compiler does not check.</summary>
public sealed partial class SourceTests
{
    private const int LinesMax = 500;

    private static readonly string[] Roots = ["src", "tools"];

    private static IEnumerable<string> Sources => Roots.SelectMany(RepositoryFiles.Sources);

    [Fact]
    public void No_file_is_so_long_that_a_second_room_waits_inside()
    {
        var tooLong = Roots.SelectMany(folder => RepositoryFiles.Below(folder, ""))
            .Select(file => (file, lines: File.ReadLines(RepositoryRoot.Path(file)).Count()))
            .Where(entry => entry.lines > LinesMax);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_source_takes_time_ids_or_dice_that_a_test_cannot_own()
    {
        var found = Sources.Where(file => Unowned().IsMatch(File.ReadAllText(RepositoryRoot.Path(file))));

        Assert.Empty(found);
    }

    [Fact]
    public void Only_programs_choose_the_clock()
    {
        var found = RepositoryFiles.Sources("src")
            .Where(file => !file.StartsWith("src/Processor.Host/", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(RepositoryRoot.Path(file)).Contains("TimeProvider.System", StringComparison.Ordinal));

        Assert.Empty(found);
    }

    [Fact]
    public void No_failure_is_swallowed()
    {
        var found = Sources.Where(file => EmptyCatch().IsMatch(File.ReadAllText(RepositoryRoot.Path(file))));

        Assert.Empty(found);
    }

    [Fact]
    public void A_file_holds_one_public_type_and_bears_its_name()
    {
        var found = Sources
            .SelectMany(file => PublicType().Matches(File.ReadAllText(RepositoryRoot.Path(file)))
                .Select(match => match.Groups["name"].Value)
                .Distinct()
                .Where(type => Path.GetFileName(file).Split('.')[0] != type)
                .Select(type => $"{file}: {type}"));

        Assert.Empty(found);
    }

    [Fact]
    public void A_name_is_the_noun_that_was_found()
    {
        var found = Sources
            .SelectMany(file => VagueName().Matches(File.ReadAllText(RepositoryRoot.Path(file)))
                .Select(match => $"{file}: {match.Value}"));

        Assert.Empty(found);
    }

    [Fact]
    public void Every_specification_in_json_can_be_read()
    {
        foreach (string file in RepositoryFiles.Below("specs", ".json"))
            Read(file, File.ReadAllText(RepositoryRoot.Path(file)));
        foreach (string file in RepositoryFiles.Below("specs", ".jsonl"))
        {
            foreach (string line in File.ReadLines(RepositoryRoot.Path(file)).Where(line => line.Length > 0))
                Read(file, line);
        }
    }

    private static void Read(string file, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
        }
        catch (JsonException exception)
        {
            Assert.Fail($"{file}: {exception.Message}");
        }
    }

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b|\bDateTime\.Today\b|\bGuid\.NewGuid\(|\bnew Random\(\)|\bRandom\.Shared\b|\bThread\.Sleep\(")]
    private static partial Regex Unowned();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    // An inline array is a field's storage, written beside the record that has it.
    [GeneratedRegex(@"^(?<!\[InlineArray\([^\n]*\n)public (?:(?:static|sealed|abstract|partial|readonly|ref|unsafe|file) )*(?:class|struct|interface|enum|record struct|record class|record|delegate \w+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\b(class|struct|record|interface|enum) \w*(Manager|Helper|Helpers|Util|Utils|Impl|Misc)\b")]
    private static partial Regex VagueName();
}
