using System.Globalization;
using System.Text.RegularExpressions;
using Processor.Cli.Commands;
using Processor.Testing;

namespace Processor.Cli.Tests;

/// <summary>The worked example of <c>docs/dialects.md</c>, step by step as it stands there.</summary>
public sealed partial class DialectGuideTests : IDisposable
{
    private static readonly Dictionary<string, string> Examples = Example()
        .Matches(File.ReadAllText(RepositoryRoot.Path("docs/dialects.md")))
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["text"].Value);

    private readonly string folder = Directory.CreateTempSubdirectory("processor-guide-").FullName;
    private readonly string dialect;

    public DialectGuideTests()
    {
        dialect = Path.Combine(folder, "harbor.json");
        File.WriteAllText(dialect, Examples["harbor.json"]);
    }

    [Fact]
    public async Task The_example_is_linted_with_nothing_to_say() =>
        Assert.Equal(Examples["lint"], await PrintAsync("iso", "lint", dialect));

    [Fact]
    public async Task The_example_is_built_into_the_bytes_shown() =>
        Assert.Equal(Hex(), (await PrintAsync("iso", "build", Examples["message"], "--dialect", dialect)).Trim());

    [Fact]
    public async Task The_example_is_built_from_its_parts_too()
    {
        string message = Examples["message"].Replace(", \"48\": \"0105A77889203123\" }", " }, \"sub\": { \"48\": { \"01\": \"A7788\", \"92\": \"123\" } }", StringComparison.Ordinal);

        Assert.Contains("sub", message, StringComparison.Ordinal);
        Assert.Equal(Hex(), (await PrintAsync("iso", "build", message, "--dialect", dialect)).Trim());
    }

    [Fact]
    public async Task The_example_is_read_as_shown() =>
        Assert.Equal(Examples["parse"], await PrintAsync("iso", "parse", Hex(), "--dialect", dialect));

    [Fact]
    public async Task The_doctor_knows_the_example_and_its_framing()
    {
        string framed = await PrintAsync("iso", "build", Examples["message"], "--dialect", dialect, "--framing", "binary-2+inclusive");

        string text = await PrintAsync("iso", "doctor", framed.Trim(), "--specs", folder);

        Assert.Contains($"fits   {"binary-2+inclusive",-24} {"harbor",-16} MTI 0100, 5 elements\n", text, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Hex() => string.Concat(Examples["hex"].Where(character => !char.IsWhiteSpace(character)));

    private static async Task<string> PrintAsync(params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        int code = await CommandTree.RunAsync(arguments, output, error, TimeProvider.System);
        Assert.True(code == ExitCode.Done, $"{code}: {error}{output}");
        return output.ToString();
    }

    [GeneratedRegex(@"<!-- example: (?<name>[\w.]+) -->\s*```\w+\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
