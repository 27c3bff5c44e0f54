using System.Globalization;
using Processor.Cli.Commands;
using Processor.Cli.Simulation;
using Processor.Iso8583;
using Processor.Testing;

namespace Processor.Cli.Tests;

public sealed class SimFileTests : IDisposable
{
    private const string Pan = "4761739001010010";

    private readonly string path = Path.GetTempFileName();
    private readonly StringWriter output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter error = new(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("{ \"mti\": \"0100\",\n \"fields\": {\n \"4\": 12 } }", 3, "fields: DE4: a text in quotes is wanted")]
    [InlineData("{ \"mti\": \"010\", \"fields\": {} }", 1, "mti: four digits are wanted")]
    [InlineData("\n{ \"fields\": {} }", 2, "mti is missing")]
    [InlineData("{ \"mti\": \"0100\" }", 1, "fields is missing")]
    [InlineData("{ \"mti\": \"0100\", \"fields\": { \"129\": \"1\" } }", 1, "fields: 129 is no data element from 2 to 128")]
    [InlineData("{ \"mti\": \"0100\", \"fields\": { \"x\": \"1\" } }", 1, "fields: x is no data element from 2 to 128")]
    [InlineData("{ \"mti\": \"0100\", \"fields\": { \"4\": \"1\", \"4\": \"2\" } }", 1, "fields: DE4: it stands there twice")]
    [InlineData("{ \"mti\": \"0100\", \"fields\": {},\n\n \"expects\": {} }", 3, "a message has no expects; it has name, mti, fields, expect")]
    [InlineData("{ \"mti\": \"0100\", \"fields\": { \"11\": \"${lunch}\" } }", 1, "fields: DE11: there is no variable ${lunch}")]
    [InlineData("{ \"mti\": \"0100\", \"fields\": { \"11\": \"${stan\" } }", 1, "fields: DE11: a variable that is not closed")]
    [InlineData("{ \"mti\": \"0100\", \"fields\": { \"11\": \"${shop.11}\" } }", 1, "fields: DE11: ${shop.11} names no earlier message")]
    [InlineData("{ \"mti\": \"0100\", \"fields\": {}, \"expect\": { \"38\": \"${sent.answer.38}\" } }", 1, "expect: DE38: ${sent.answer.38} names no earlier message")]
    [InlineData("{ \"name\": \"last\", \"mti\": \"0100\", \"fields\": {} }", 1, "name: a word of letters, digits, - and _ is wanted, and not last or sent")]
    [InlineData("{ \"name\": \"a\", \"mti\": \"0100\", \"fields\": {} }\n{ \"name\": \"a\", \"mti\": \"0100\", \"fields\": {} }", 2, "name: there is an earlier a")]
    [InlineData("[ 12 ]", 1, "a message is an object: { \"mti\": ..., \"fields\": ... }")]
    [InlineData("{ \"mti\": \"0100\",\n oops", 2, "this is no JSON")]
    public async Task A_mistake_is_told_by_its_line_and_field(string json, int line, string what)
    {
        await File.WriteAllTextAsync(path, json);

        var failure = Assert.Throws<SimFileException>(() => SimFile.Load(path, TestDialects.Ascii));

        Assert.Equal($"{path}:{line}: {what}.", failure.Message);
    }

    [Fact]
    public async Task The_example_of_the_help_is_right()
    {
        int start = SimFile.Help.IndexOf("{ \"name\"", StringComparison.Ordinal);
        int end = SimFile.Help.LastIndexOf("} }", StringComparison.Ordinal) + 3;
        await File.WriteAllTextAsync(path, SimFile.Help[start..end]);

        var messages = SimFile.Load(path, TestDialects.Ascii);

        Assert.Equal(2, messages.Count);
        Assert.Equal("shop", messages[0].Name);
    }

    [Fact]
    public async Task The_example_of_the_documentation_can_be_sent()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        string page = await File.ReadAllTextAsync(RepositoryRoot.Path("docs", "network-in-a-box.md"));
        string example = page.Split("```json\n")[1].Split("```")[0];
        await File.WriteAllTextAsync(path, example);

        int code = await RunAsync(issuer);

        Assert.Equal("", error.ToString());
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(2, issuer.ReceivedCount);
    }

    [Fact]
    public async Task Messages_are_sent_with_their_variables_and_answers_are_checked()
    {
        var received = new List<Iso8583Message>();
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2, (in MessageView request, ref MessageWriter response) =>
        {
            received.Add(Iso8583Message.From(in request));
            return TestIssuer.Approve(in request, ref response);
        });
        await File.WriteAllTextAsync(path, $$"""
            // A purchase, and the same again.
            [ { "name": "shop", "mti": "0100",
                "fields": { "2": "{{Pan}}", "4": "000000002500", "7": "${now}", "11": "${stan}", "37": "${rrn}", "41": "T${stan}A" },
                "expect": { "mti": "0110", "39": "00|10", "38": "*", "14": "-", "37": "${sent.37}" } },
              { "mti": "0101", "fields": { "2": "${shop.2}", "11": "${shop.11}", "44": "${last.answer.38}" }, "expect": { "38": "${shop.answer.38}" } } ]
            """);

        int code = await RunAsync(issuer);

        Assert.Equal(ExitCode.Done, code);
        Assert.Equal(2, received.Count);
        Assert.Equal($"T{received[0][11]}A", received[0][41]);
        Assert.Equal(received[0][11], received[1][11]);
        Assert.Equal(received[0][11], received[1][44]);
        Assert.Equal(Pan, received[1][2]);
        Assert.DoesNotContain(Pan, output.ToString(), StringComparison.Ordinal);
        Assert.Contains("2 messages to", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unexpected_answer_is_told_without_what_must_not_be_shown()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        await File.WriteAllTextAsync(
            path, $$"""{ "mti": "0100", "fields": { "2": "{{Pan}}", "11": "1" }, "expect": { "2": "4000001234567899", "39": "51", "54": "*", "38": "-" } }""");

        int code = await RunAsync(issuer);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("DE39: expected 51, found 00", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("DE54: expected something, found nothing", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("DE38: expected nothing, found 000001", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("DE2: expected other content, found content that is not shown", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("4000001234567899", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Pan, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_that_does_not_suit_the_dialect_is_told_by_its_line()
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        await File.WriteAllTextAsync(path, "\n{ \"mti\": \"0100\", \"fields\": { \"4\": \"1234567890123\" } }");

        Assert.Equal(ExitCode.Usage, await RunAsync(issuer));
        Assert.Equal($"{path}:2: DE4: longer than its format allows.\n", error.ToString());
    }

    [Fact]
    public async Task No_answer_in_time_is_a_failure()
    {
        await using var issuer = TestIssuer.Start(
            TestDialects.Ascii, Framing.Binary2, (in MessageView _, ref MessageWriter _) => false);
        await File.WriteAllTextAsync(path, "{ \"mti\": \"0100\", \"fields\": { \"11\": \"000001\" } }");

        int code = await CommandTree.RunAsync(
            ["sim", "send", path, "--port", issuer.Port.ToString(CultureInfo.InvariantCulture), "--timeout", "0.1"], output, error, TimeProvider.System);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("no answer", output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        File.Delete(path);
        output.Dispose();
        error.Dispose();
    }

    private Task<int> RunAsync(TestIssuer issuer) => CommandTree.RunAsync(
        ["sim", "send", path, "--port", issuer.Port.ToString(CultureInfo.InvariantCulture)], output, error, TimeProvider.System);
}
