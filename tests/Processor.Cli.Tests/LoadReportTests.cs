using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Processor.Cli.Load;
using Processor.Cli.Reports;
using Processor.Iso8583;

namespace Processor.Cli.Tests;

public sealed partial class LoadReportTests
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore };

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public async Task The_report_is_well_formed_needs_nothing_else_and_holds_no_card(double rate)
    {
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        var result = await LoadRunTests.RunAsync(LoadRunTests.Plan(issuer, rate, 2));

        string html = LoadReport.Html(result);
        var page = XDocument.Load(XmlReader.Create(new StringReader(html), Settings));

        Assert.Equal(3, page.Descendants("svg").Count());
        Assert.NotEmpty(page.Descendants("polyline"));
        Assert.DoesNotMatch(PanLike(), html);
        Assert.DoesNotMatch(@"NaN|∞|Infinity", html);
        Assert.DoesNotMatch(@"src=|href=|url\(|@import|<script", html);
    }

    [Fact]
    public void A_run_in_which_nothing_was_answered_has_a_report_too()
    {
        var plan = new LoadPlan
        {
            Endpoint = new("<issuer>", 1, TestDialects.Ascii, Framing.Binary2),
            Rate = 10,
            Seconds = 1,
            Connections = 1,
            Cards = CardList.Unlimited,
        };
        var result = new LoadResult(plan, DateTimeOffset.UnixEpoch, new LoadTotals { Sent = 10 }, MeasuredSeconds: 0, Unsent: 0, Seconds: []);

        var page = XDocument.Load(XmlReader.Create(new StringReader(LoadReport.Html(result)), Settings));

        Assert.Contains(page.Descendants("div"), div => (string?)div.Attribute("class") == "bad" && div.Element("strong")!.Value == "10");
        Assert.Contains("unanswered             10\n", LoadText.Table(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_result_for_programs_has_the_figures_of_the_run()
    {
        string path = Path.GetTempFileName();
        await using var issuer = TestIssuer.Start(TestDialects.Ascii, Framing.Binary2);
        var result = await LoadRunTests.RunAsync(LoadRunTests.Plan(issuer, 1000, 2));

        LoadJson.Save(result, path);
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(path));
        File.Delete(path);

        var root = json.RootElement;
        Assert.Equal(400, root.GetProperty("sent").GetInt64());
        Assert.Equal(400, root.GetProperty("codes").GetProperty("00").GetInt64());
        Assert.Equal(0, root.GetProperty("unanswered").GetInt64());
        Assert.InRange(root.GetProperty("latency_us").GetProperty("p99").GetDouble(), 0.1, 10_000_000);
        Assert.Equal(400, root.GetProperty("series").EnumerateArray().Sum(second => second.GetProperty("answered").GetInt64()));
        Assert.DoesNotMatch(PanLike(), root.GetRawText());
    }

    [GeneratedRegex(@"\d{12,19}")]
    private static partial Regex PanLike();
}
