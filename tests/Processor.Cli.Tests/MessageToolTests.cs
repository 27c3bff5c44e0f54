using System.Globalization;
using System.Text.Json;
using Processor.Cli.Commands;
using Processor.Iso8583;

namespace Processor.Cli.Tests;

/// <summary>The message tools as the shell sees them. What they print is masked.</summary>
public sealed class MessageToolTests : IDisposable
{
    private const string Pan = "4761739001010010";
    private const string Track = "4761739001010010=31122011234";

    private const string Purchase =
        "{\"mti\":\"0100\",\"fields\":{\"2\":\"" + Pan + "\",\"3\":\"000000\",\"4\":\"000000002500\",\"11\":\"000123\","
        + "\"35\":\"" + Track + "\",\"41\":\"SHOP0001\",\"49\":\"978\",\"52\":\"0123456789ABCDEF\","
        + "\"55\":\"9F2608AABBCCDDEEFF00119F02060000000025005A084761739001010010\"}}";

    private readonly StringWriter output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter error = new(CultureInfo.InvariantCulture);

    public static TheoryData<string> Shipped => ["iso87-ascii", "iso87-binary", "iso87-ebcdic"];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task What_is_built_is_parsed_into_masked_json(string dialect)
    {
        string hex = await BuildAsync(Purchase, dialect);

        string text = await PrintAsync("iso", "parse", hex, "--json", "--dialect", dialect);
        using var json = JsonDocument.Parse(text);

        var elements = json.RootElement.GetProperty("elements").EnumerateArray().ToDictionary(
            element => element.GetProperty("key").GetString()!, element => element.GetProperty("value").GetString());
        Assert.Equal("0100", json.RootElement.GetProperty("mti").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("error").ValueKind);
        Assert.Equal(("476173******0010", "000000002500", "****"), (elements["DE2"], elements["DE4"], elements["DE52"]));
        AssertMasked(text);
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task A_redacted_message_keeps_its_shape_and_loses_its_secrets(string dialect)
    {
        string hex = await BuildAsync(Purchase, dialect);

        string redacted = (await PrintAsync("iso", "redact", hex, "--dialect", dialect)).Trim();
        var message = Iso8583Message.Parse(Dialect.LoadNamed(dialect), Convert.FromHexString(redacted));

        Assert.Equal(hex.Length, redacted.Length);
        Assert.Equal("4761730000000010", message[2]);
        Assert.Equal("4761730000000010=00000000000", message[35]);
        Assert.Equal("0000000000000000", message[52]);
        Assert.Equal("9F260800000000000000009F02060000000025005A080000000000000000", message[55]);
        Assert.Equal(("000000002500", "000123", "SHOP0001"), (message[4], message[11], message[41]));
    }

    [Fact]
    public async Task Messages_that_differ_are_told_by_element_and_masked()
    {
        string other = Purchase.Replace("000000002500", "000000009900", StringComparison.Ordinal)
            .Replace("\"41\":\"SHOP0001\",", "", StringComparison.Ordinal)
            .Replace("0123456789ABCDEF", "1123456789ABCDEF", StringComparison.Ordinal);

        int code = await RunAsync("iso", "diff", Purchase, other);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("DE4    Amount, transaction\n       - 000000002500\n       + 000000009900\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("       - SHOP0001\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("they differ in what is masked", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("DE2 ", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("4 differences\n", output.ToString(), StringComparison.Ordinal);
        AssertMasked(output.ToString());
    }

    [Fact]
    public async Task Messages_alike_have_no_differences()
    {
        string hex = await BuildAsync(Purchase, "iso87-ascii");

        Assert.Equal("0 differences\n", await PrintAsync("iso", "diff", hex, Purchase));
    }

    [Theory]
    [InlineData("binary-2")]
    [InlineData("bcd-2+tpdu")]
    [InlineData("none+stx-etx-lrc")]
    public async Task A_message_is_sent_and_its_answer_printed(string framing)
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Parse(framing));

        string text = await PrintAsync("iso", "send", $"127.0.0.1:{issuer.Port}", Purchase, "--framing", framing);

        Assert.Contains("> 0100 authorization request", text, StringComparison.Ordinal);
        Assert.Contains("< 0110 authorization response", text, StringComparison.Ordinal);
        AssertMasked(text);
    }

    [Theory]
    [InlineData("iso87-ascii", "bcd-2+tpdu")]
    [InlineData("iso87-binary", "ascii-4+inclusive")]
    [InlineData("iso87-ebcdic", "none+stx-etx-lrc")]
    public async Task The_doctor_finds_dialect_and_framing_and_says_where_others_stop(string dialect, string framing)
    {
        const string echo = "{\"mti\":\"0800\",\"fields\":{\"7\":\"1121091500\",\"11\":\"000124\",\"41\":\"SHOP0001\",\"70\":\"301\"}}";
        string hex = await BuildAsync(echo, dialect, "--framing", framing);

        string text = await PrintAsync("iso", "doctor", hex);

        Assert.Contains($"fits   {framing,-24} {dialect,-16} MTI 0800, 4 elements\n", text, StringComparison.Ordinal);
        Assert.Contains("stops  no framing", text, StringComparison.Ordinal);
        Assert.Contains(" at byte ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_tries_a_dialect_file_besides_those_that_ship()
    {
        string file = Path.Combine(Path.GetTempPath(), $"doctor-{Environment.ProcessId}.json");
        try
        {
            string name = Path.GetFileNameWithoutExtension(file);
            await File.WriteAllTextAsync(file, $$"""{ "name": "{{name}}", "extends": "iso87-ascii", "mti": { "encoding": "bcd" } }""");
            string hex = await BuildAsync("{\"mti\":\"0800\",\"fields\":{\"70\":\"301\"}}", file, "--framing", "binary-2");

            string text = await PrintAsync("iso", "doctor", hex, "--dialect", file);

            Assert.StartsWith($"fits   {"binary-2",-24} {name,-16} MTI 0800, 1 elements\n", text, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_doctor_shows_no_content_and_tells_when_nothing_fits()
    {
        string hex = await BuildAsync(Purchase, "iso87-ascii");

        Assert.Equal(ExitCode.Failed, await RunAsync("iso", "doctor", hex[..^2], "--all"));

        Assert.EndsWith("Nothing fits.\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("stops  no framing               iso87-ascii      DE55 at byte", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("no     bcd-2 ", output.ToString(), StringComparison.Ordinal);
        AssertMasked(output.ToString());
    }

    [Theory]
    [InlineData("iso87-ascii")]
    [InlineData("iso87-binary")]
    [InlineData("iso87-ebcdic")]
    [InlineData("iso93-ascii")]
    [InlineData("iso93-binary")]
    [InlineData("iso93-ebcdic")]
    [InlineData("visa-like")]
    [InlineData("mastercard-like")]
    [InlineData("iso2003")]
    [InlineData("ipm")]
    public async Task A_dialect_that_ships_gives_the_linter_nothing_to_say(string dialect) =>
        Assert.EndsWith("nothing to say\n", await PrintAsync("iso", "lint", dialect), StringComparison.Ordinal);

    [Fact]
    public async Task The_linter_names_elements_that_would_be_printed_in_full()
    {
        string folder = Directory.CreateTempSubdirectory("processor-lint-").FullName;
        try
        {
            string file = Path.Combine(folder, "loose.json");
            await File.WriteAllTextAsync(file, """
                { "name": "loose", "extends": "iso87-ascii", "without": [37],
                  "elements": [{ "de": 2, "sensitive": null }, { "de": 52, "sensitive": "none" }] }
                """);

            Assert.Equal(ExitCode.Failed, await RunAsync("iso", "lint", file));
            Assert.Contains("DE2: holds card data, so it has sensitive pan or secret\n", output.ToString(), StringComparison.Ordinal);
            Assert.Contains("DE52: holds card data, so it has sensitive secret\n", output.ToString(), StringComparison.Ordinal);
            Assert.Contains("DE37: is not defined", output.ToString(), StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, """
                { "name": "loose", "extends": "iso87-ascii", "elements": [
                  { "de": 3, "parts": { "kind": "positional", "items": [
                    { "key": "1", "name": "type", "format": "n4", "encoding": "ascii" }, { "key": "2", "name": "from", "format": "n3", "encoding": "ascii" }] } },
                  { "de": 48, "sensitive": "none" }] }
                """);
            Assert.Equal(ExitCode.Failed, await RunAsync("iso", "lint", file));
            Assert.Contains("DE3: its parts are not read back: ", output.ToString(), StringComparison.Ordinal);
            Assert.Contains("DE48: holds the card verification value, so ", output.ToString(), StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, """{ "name": "loose", "extends": "iso87-ascii", "elements": [{ "de": 4, "format": "q12" }] }""");
            Assert.Equal(ExitCode.Failed, await RunAsync("iso", "lint", file));
            Assert.Contains("loose.json: DE4: format", output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("iso build {}", "mti and fields")]
    [InlineData("iso build {\"mti\":\"0100\",\"fields\":{\"2\":\"x4761739001010010\"}}", "DE2")]
    [InlineData("iso build {\"mti\":\"01\",\"fields\":{}}", "cannot be built")]
    [InlineData("iso build {\"mti\":\"0100\",\"fields\":{\"2\":4761739001010010}}", "DE2: what it holds stands in quotes")]
    [InlineData("iso build {\"mti\":\"0100\",\"sub\":{\"55\":{\"9F02\":4761739001010010}}}", "Part 9F02: what it holds stands in quotes")]
    [InlineData("iso build {\"mti\":\"0100\",\"fields\":{\"11\":\"4761739001010010\"}}", "DE11: longer than its format allows")]
    [InlineData("iso build {\"mti\":\"0100\",\"fields\":{\"200\":\"1\"}}", "200 is no data element")]
    [InlineData("iso parse 3030 --framing binary-9", "binary-9")]
    [InlineData("iso parse 3030 --framing binary-2", "not one frame")]
    [InlineData("iso send nowhere {\"mti\":\"0800\",\"fields\":{\"70\":\"301\"}}", "HOST:PORT")]
    [InlineData("iso lint", "See: processor iso lint --help")]
    public async Task Wrong_arguments_are_told_without_content(string arguments, string message)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(arguments.Split(' ')));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        AssertMasked(error.ToString());
    }

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    private static void AssertMasked(string text)
    {
        foreach (string secret in (string[])[Pan, "31122011234", "0123456789ABCDEF", "AABBCCDDEEFF0011", Convert.ToHexString("4761739001"u8)])
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string> BuildAsync(string json, string dialect, params string[] options) =>
        (await PrintAsync(["iso", "build", json, "--dialect", dialect, .. options])).Trim();

    private async Task<string> PrintAsync(params string[] arguments)
    {
        output.GetStringBuilder().Clear();
        int code = await RunAsync(arguments);
        Assert.True(code == ExitCode.Done, $"{code}: {error}{output}");
        string text = output.ToString();
        output.GetStringBuilder().Clear();
        return text;
    }

    private Task<int> RunAsync(params string[] arguments) => CommandTree.RunAsync(arguments, output, error, TimeProvider.System);
}
