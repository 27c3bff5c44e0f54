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

    [Fact]
    public async Task The_example_of_parts_is_linted_built_and_read()
    {
        string file = Path.Combine(folder, "mixed.json");
        await File.WriteAllTextAsync(file, $$"""
            { "name": "mixed", "extends": "iso87-ebcdic", "verificationValue": { "de": 48, "part": "92" }, "elements": [{{Examples["parts"]}}] }
            """);

        string lint = await PrintAsync("iso", "lint", file);
        string hex = await PrintAsync(
            "iso", "build", """{ "mti": "0100", "sub": { "48": { "category": "R", "42": { "1": "210", "2": "2" }, "92": "031" } } }""", "--dialect", file);

        Assert.EndsWith("nothing to say\n", lint, StringComparison.Ordinal);
        Assert.Equal("F0F1F0F0" + "0000000000010000" + "0017" + "D9" + "F4F2F0F5F2F1F0F240" + "F9F2F0F3F0F3F1", hex.Trim());
        Assert.Contains("92    Card verification value                                 @28     3  ****\n", await PrintAsync("iso", "parse", hex, "--dialect", file), StringComparison.Ordinal);
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
