using System.Globalization;
using System.Text;
using Processor.Cli.Commands;
using Processor.Iso8583;

namespace Processor.Cli.Tests;

/// <summary>The demo against an issuer that plays its part by heart, once right and once wrong in each place.</summary>
public sealed class DemoTests : IDisposable
{
    private const string Poor = "4761739001010028";
    private const string Frozen = "4761739001010036";

    private readonly StringWriter output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter error = new(CultureInfo.InvariantCulture);
    private string? issuerData;

    [Theory]
    [InlineData("iso87-ascii")]
    [InlineData("iso87-binary")]
    public async Task Every_answer_as_expected_is_a_success_and_shows_no_card(string dialect)
    {
        int code = await PlayAsync(TestDialects.Named(dialect), Fault.None, "--no-credentials");

        Assert.Equal("", error.ToString());
        Assert.DoesNotContain("FAIL", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("DE39", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"4761739\d{9}|4000001234567899", output.ToString());
    }

    [Theory]
    [InlineData("ApprovesPoor")]
    [InlineData("ApprovesFrozen")]
    [InlineData("NewCodeForRepeat")]
    [InlineData("FullAmountInPart")]
    [InlineData("NoBalance")]
    [InlineData("MoneyLost")]
    [InlineData("ReversalUnknown")]
    public async Task An_issuer_that_errs_is_found_out(string fault)
    {
        int code = await PlayAsync(TestDialects.Ascii, Enum.Parse<Fault>(fault), "--no-credentials");

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("FAIL", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "DE55: the chip is told nothing")]
    [InlineData("91080102030400820000", "DE55: the chip does not know its issuer (ARPC)")]
    public async Task An_issuer_that_the_chip_does_not_know_is_found_out(string? told, string problem)
    {
        issuerData = told;
        string chips = Path.Combine(Path.GetTempPath(), $"chips-{Environment.ProcessId}");
        try
        {
            int code = await PlayAsync(TestDialects.Ascii, Fault.None, "--chips", chips);

            Assert.Equal(ExitCode.Failed, code);
            Assert.Contains(problem, output.ToString(), StringComparison.Ordinal);
            Assert.DoesNotMatch(@"4761739\d{9}|4000001234567899", output.ToString());
            Assert.Equal("64", await File.ReadAllTextAsync(chips));
        }
        finally
        {
            File.Delete(chips);
        }
    }

    [Theory]
    [InlineData(true, ExitCode.Done)]
    [InlineData(false, ExitCode.Failed)]
    public async Task Codes_of_messages_are_played_right_and_wrong_and_those_of_the_answers_looked_at(bool sealsAnswers, int exitCode)
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """
            { "mti": "0800", "fields": { "7": "${now}", "11": "${stan}", "70": "001" }, "expect": { "39": "00" } }
            { "mti": "0100", "fields": { "2": "4761739001010010", "11": "${stan}" }, "expect": { "39": "00" } }
            { "mti": "0100", "fields": { "2": "4761739001010010", "11": "${stan}", "64": "0000000000000000" }, "expect": { "39": "63" } }
            """);
        await using var issuer = TestIssuer.StartSealed(TestDialects.Ascii, sealsAnswers);
        try
        {
            var port = issuer.Port.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(exitCode, await CommandTree.RunAsync(["sim", "send", file, "--mac", "--port", port], output, error, TimeProvider.System));
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Contains(sealsAnswers ? "all as expected" : "DE64: a wrong authentication code", output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        output.Dispose();
        error.Dispose();
    }

    private async Task<int> PlayAsync(Dialect dialect, Fault fault, params string[] more)
    {
        int count = 0;
        await using var issuer = TestIssuer.Start(dialect, Framing.Binary2, (in MessageView request, ref MessageWriter response) =>
        {
            if (issuerData is not null && request.Has(55))
                response.SetBinary(55, Convert.FromHexString(issuerData));
            return Answer(in request, ref response, fault, count++);
        });
        return await CommandTree.RunAsync(
            ["sim", "demo", "--dialect", dialect.Name, "--port", issuer.Port.ToString(CultureInfo.InvariantCulture), .. more], output, error, TimeProvider.System);
    }

    private static bool Answer(in MessageView request, ref MessageWriter response, Fault fault, int count)
    {
        string pan = Text(in request, 2);
        if (request.Mti.Class == MtiClass.Reversal && fault == Fault.ReversalUnknown)
            return response.SetText(39, "25"u8);
        if (request.Mti.Class != MtiClass.Authorization || request.Mti.IsAdvice)
            return response.SetText(39, "00"u8);
        if (pan == Frozen && fault != Fault.ApprovesFrozen)
            return response.SetText(39, "62"u8);
        if (pan == Poor && !request.SupportsPartialApproval() && fault != Fault.ApprovesPoor)
            return response.SetText(39, "51"u8);

        string code = fault == Fault.NewCodeForRepeat ? count.ToString("D6", CultureInfo.InvariantCulture) : "A1B2C3";
        response.SetText(38, Encoding.ASCII.GetBytes(code));
        if (pan == Poor && request.SupportsPartialApproval())
            return AnswerInPart(in request, ref response, fault);
        if (Text(in request, 3) == "310000" && fault != Fault.NoBalance)
            response.SetText(54, fault == Fault.MoneyLost && count > 2 ? "0002978C000000097500"u8 : "0002978C000000100000"u8);
        return response.SetText(39, "00"u8);
    }

    private static bool AnswerInPart(in MessageView request, ref MessageWriter response, Fault fault)
    {
        // The usual echoes hold DE 4 already: begin again.
        response.Begin(request.Mti.ToResponse());
        foreach (int element in new[] { 2, 3, 7, 11, 37, 41 })
            response.CopyFrom(in request, element);
        response.SetText(38, "A1B2C3"u8);
        response.SetText(4, fault == Fault.FullAmountInPart ? "000000002500"u8 : "000000001000"u8);
        response.SetText(54, "0057978D000000002500"u8);
        return response.SetText(39, "10"u8);
    }

    private static string Text(in MessageView view, int element)
    {
        Span<byte> text = stackalloc byte[64];
        return view.TryGetText(element, text, out int length) ? Encoding.ASCII.GetString(text[..length]) : "";
    }

    private enum Fault
    {
        None,
        ApprovesPoor,
        ApprovesFrozen,
        NewCodeForRepeat,
        FullAmountInPart,
        NoBalance,
        MoneyLost,
        ReversalUnknown,
    }
}
