using System.Text;
using System.Text.Json;
using Processor.Iso8583;
using Processor.Testing;

namespace Processor.Switch.Tests;

public sealed class EchoTableTests
{
    private static readonly int[] Never = [14, 35, 45, 52];
    private static readonly JsonElement Table = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Specs("echo", "iso87.json"))).RootElement;

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var dialect in (string[])["iso87-ascii", "iso87-binary"])
        {
            foreach (var row in Table.GetProperty("messages").EnumerateArray())
                rows.Add(dialect, row.GetProperty("request").GetString()!);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_answer_repeats_what_its_row_says_byte_for_byte_and_nothing_else(string dialect, string request)
    {
        var row = Table.GetProperty("messages").EnumerateArray().Single(item => item.GetProperty("request").GetString() == request);
        var echoes = row.GetProperty("echoes").EnumerateArray().Select(item => item.GetInt32()).ToList();

        foreach (var mti in (string[])[request, request[..3] + "1"])
        {
            var message = Full(mti, Dialect.LoadNamed(dialect));
            var answer = Answer(dialect, message, out _);

            Assert.Equal(row.GetProperty("response").GetString(), answer.Mti.ToString());
            Assert.Equal(echoes.Append(39).Order(), answer.Elements.Keys);
            foreach (var element in echoes)
                Assert.Equal(message[element], answer[element]);
            Assert.Equal("00", answer[39]);
            foreach (var element in Never)
                Assert.Null(answer[element]);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_message_without_a_mandatory_element_is_a_format_error_that_names_it(string dialect, string request)
    {
        var row = Table.GetProperty("messages").EnumerateArray().Single(item => item.GetProperty("request").GetString() == request);
        using var under = new SwitchUnderTest(endpoint => endpoint.Dialect = dialect);
        var peer = under.Open().Peer;
        var complete = request == "0800" ? Messages.Echo() : Messages.Purchase(request);
        foreach (var element in Elements(row, "mandatory").Concat(Elements(row, "mandatoryUnlessInquiry")))
        {
            var message = complete.Copy();
            message[element] = null;

            var answer = await peer.AskAsync(message);

            Assert.Equal("30", answer[39]);
            Assert.Contains($"DE{element} is missing", under.Log.Of(2011).Last(), StringComparison.Ordinal);
        }

        if (!row.TryGetProperty("oneOf", out var groups))
            return;
        foreach (var group in groups.EnumerateArray())
        {
            var message = complete.Copy();
            foreach (var element in group.EnumerateArray())
                message[element.GetInt32()] = null;

            Assert.Equal("30", (await peer.AskAsync(message))[39]);
        }

        Assert.Empty(under.Ledger.Requests);
    }

    [Fact]
    public async Task A_balance_inquiry_may_come_without_an_amount()
    {
        using var under = new SwitchUnderTest();
        var message = Messages.Purchase();
        message[3] = "311000";
        message[4] = null;
        message[49] = null;

        var answer = await under.Open().Peer.AskAsync(message);

        Assert.Equal("00", answer[39]);
    }

    [Theory]
    [InlineData("\"echoes\": [2, 3,", "\"echoes\": [2, 3, 14,", "DE 14")]
    [InlineData("\"echoes\": [2, 3,", "\"echoes\": [2, 3, 129,", "129")]
    [InlineData("\"response\": \"0110\"", "\"response\": \"0130\"", "0100")]
    [InlineData("\"request\": \"0120\"", "\"request\": \"0121\"", "0121")]
    [InlineData("\"sets\": [4, 6, 38, 39, 54, 55]", "\"sets\": [4]", "DE 39")]
    [InlineData("\"301\"", "\"30\"", "30")]
    [InlineData("\"others\"", "\"rest\"", "rest")]
    public void A_table_that_is_wrong_does_not_load_and_says_where(string from, string to, string named)
    {
        var json = File.ReadAllText(RepositoryRoot.Specs("echo", "iso87.json"));
        var index = json.IndexOf(from, StringComparison.Ordinal);
        var wrong = json[..index] + to + json[(index + from.Length)..];

        var problem = Assert.Throws<SwitchSettingsException>(() => EchoTable.Parse(Encoding.UTF8.GetBytes(wrong), "wrong.json"));

        Assert.StartsWith("wrong.json", problem.Message, StringComparison.Ordinal);
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_new_stands_in_its_place()
    {
        var message = Full("0100", Dialect.LoadNamed("iso87-binary"));

        Answer("iso87-binary", message, out var answer, partial: true);

        Assert.Equal("000000000700", answer[4]);
        Assert.Equal("000000000800", answer[6]);
        Assert.Equal("A1B2C3", answer[38]);
        Assert.Equal("10", answer[39]);
        Assert.Equal("0057978D000000001050", answer[54]);
    }

    private static IEnumerable<int> Elements(JsonElement row, string name) =>
        row.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(item => item.GetInt32()) : [];

    /// <summary>A message with every element of the dialect.</summary>
    private static Iso8583Message Full(string mti, Dialect dialect)
    {
        var message = new Iso8583Message(Mti.Parse(mti));
        for (var element = 2; element <= 128; element++)
        {
            if (dialect[element] is not { } rule)
                continue;
            var length = rule.IsFixed ? rule.LengthMax : Math.Min(rule.LengthMax, 10);
            message[element] = rule.Class switch
            {
                CharacterClass.B => string.Concat(Enumerable.Repeat("5A", length)),
                CharacterClass.SignedN => "C" + new string('7', length - 1),
                CharacterClass.N or CharacterClass.Ns or CharacterClass.Z => new string((char)('1' + (element % 9)), length),
                _ => new string((char)('A' + (element % 26)), length),
            };
        }

        return message;
    }

    private static Iso8583Message Answer(string dialect, Iso8583Message message, out Iso8583Message answer, bool partial = false)
    {
        var endpoint = new Endpoint(new EndpointSettings { Name = "test", Dialect = dialect });
        var frame = message.ToBytes(endpoint.Dialect);
        var layout = new MessageLayout();
        Assert.Equal(ParseStatus.Parsed, endpoint.Dialect.TryParse(frame, layout));
        var reply = !partial
            ? new Reply(endpoint.ResponseCodes.Approved)
            : new Reply(endpoint.ResponseCodes.ApprovedInPart) { Amount = 700, BillingAmount = 800, ApprovalCode = "A1B2C3"u8, AdditionalAmounts = "0057978D000000001050"u8 };
        var target = new byte[endpoint.AnswerLengthMax(frame.Length)];
        Assert.Equal(WriteStatus.Written, ReplyWriter.Write(target, endpoint, new MessageView(frame, layout), in reply, out var length, out _, out _));
        answer = Iso8583Message.Parse(endpoint.Dialect, target.AsSpan(0, length));
        return answer;
    }
}
