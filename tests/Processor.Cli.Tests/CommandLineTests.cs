using System.Globalization;
using Processor.Cli.Commands;
using Processor.Iso8583;

namespace Processor.Cli.Tests;

/// <summary>The tool as the shell sees it: arguments in; text and an exit code out.</summary>
public sealed class CommandLineTests : IDisposable
{
    private const string Pan = "4761739001010010";

    // 0100 with DE 2, 3, 4.
    private static readonly string Purchase =
        Convert.ToHexString("0100"u8) + Convert.ToHexString("7000000000000000"u8) + Convert.ToHexString("164761739001010010000000000000002500"u8);

    private readonly StringWriter output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter error = new(CultureInfo.InvariantCulture);
    private readonly List<string> files = [];

    [Fact]
    public async Task A_described_message_shows_its_fields_and_not_its_card()
    {
        int code = await RunAsync("iso", "describe", Purchase);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("0100 authorization request", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("476173******0010", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Pan, output.ToString(), StringComparison.Ordinal);
        Assert.Empty(error.ToString());
    }

    [Fact]
    public async Task Frames_are_taken_off_one_after_the_other()
    {
        string framed = $"0038{Purchase}0038{Purchase}";

        int code = await RunAsync("iso", "describe", framed, "--framing", "binary-2");

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(2, output.ToString().Split("0100 authorization request").Length - 1);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_told_by_element_place_and_reason()
    {
        int code = await RunAsync("iso", "describe", Purchase[..^4]);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Equal("DE4 at byte 44: 10 of 12 bytes\n", error.ToString());
        Assert.Contains("DE3", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Pan, output.ToString() + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_frame_is_told()
    {
        Assert.Equal(ExitCode.Failed, await RunAsync("iso", "describe", $"0039{Purchase}", "--framing", "binary-2"));
        Assert.Equal("byte 0: the frame is cut, 58 bytes are left\n", error.ToString());
    }

    [Theory]
    [InlineData("iso describe 303", "hexadecimal digits")]
    [InlineData("iso describe 30x1", "Character 3")]
    [InlineData("iso describe 3031 --dialect nonesuch", "There are: ipm, iso2003, iso87-ascii, ")]
    [InlineData("iso describe 3031 --framing lines", "binary-2")]
    [InlineData("iso", "See: processor iso --help")]
    [InlineData("load --rate x", "--rate")]
    [InlineData("load --rate -1", "--rate is from 0")]
    [InlineData("load --connections 0", "--connections is from 1")]
    [InlineData("load --mix lunch", "The mix names lunch")]
    [InlineData("load --amounts 5-1", "--amounts")]
    [InlineData("load --cards /nonesuch", "nonesuch")]
    [InlineData("load --cards a --card-count 5", "two ways")]
    [InlineData("load --json /nonesuch/a.json", "There is no folder")]
    [InlineData("sim send /nonesuch", "nonesuch")]
    [InlineData("sim demo --timeout 0", "--timeout is")]
    [InlineData("lunch", "lunch")]
    public async Task Wrong_arguments_are_told_on_the_error_output(string arguments, string message)
    {
        int code = await RunAsync(arguments.Split(' '));

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Theory]
    [InlineData("--help", "sim")]
    [InlineData("iso describe --help", "--dialect")]
    [InlineData("sim send --help", "${stan}")]
    [InlineData("load --help", "--rate")]
    public async Task Help_is_there(string arguments, string content)
    {
        Assert.Equal(ExitCode.Done, await RunAsync(arguments.Split(' ')));
        Assert.Contains(content, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_prints_a_table_and_leaves_its_files()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Binary, Framing.Binary2);
        string json = NewFile();
        string html = NewFile();

        int code = await RunAsync(
            "load", "--port", Port(issuer), "--dialect", "iso87-binary", "--rate", "500", "--seconds", "0.2", "--connections", "2",
            "--card-count", "10", "--json", json, "--html", html);

        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("sent                  100\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("  00                  100   100.00 %  approved\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("<svg", await File.ReadAllTextAsync(html), StringComparison.Ordinal);
        Assert.Contains("latency_us", await File.ReadAllTextAsync(json), StringComparison.Ordinal);
        Assert.Empty(error.ToString());
    }

    [Fact]
    public async Task A_load_with_unanswered_requests_fails()
    {
        await using var issuer = TestIssuer.Start(
            TestDialects.Ascii, Framing.Binary2, (in MessageView request, ref MessageWriter response) =>
                TestIssuer.Approve(in request, ref response) && request.Has(70));

        int code = await RunAsync("load", "--port", Port(issuer), "--rate", "100", "--seconds", "0.1", "-c", "1", "--timeout", "2");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Matches("unanswered +[1-9]", output.ToString());
    }

    [Fact]
    public async Task Nobody_listening_is_told_with_the_endpoint()
    {
        string port;
        await using (var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2))
            port = Port(issuer);

        Assert.Equal(ExitCode.Failed, await RunAsync("sim", "demo", "--port", port));
        Assert.StartsWith($"No connection to 127.0.0.1:{port} (iso87-ascii): ", error.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        foreach (string file in files)
            File.Delete(file);
        output.Dispose();
        error.Dispose();
    }

    private static string Port(TestIssuer issuer) => issuer.Port.ToString(CultureInfo.InvariantCulture);

    private string NewFile()
    {
        string path = Path.GetTempFileName();
        files.Add(path);
        return path;
    }

    private Task<int> RunAsync(params string[] arguments) => CommandTree.RunAsync(arguments, output, error, TimeProvider.System);
}
