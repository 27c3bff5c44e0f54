using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;

namespace Processor.Switch.Tests;

public sealed class MessageClassTests : IDisposable
{
    private readonly SwitchUnderTest under = new();

    public static TheoryData<string, string, string> Classes()
    {
        var rows = new TheoryData<string, string, string>();
        foreach (var row in ScenarioTable.Rows("switch-classes"))
            rows.Add(row[0], row[1], row[2]);
        return rows;
    }

    public static TheoryData<string, string, string> Outcomes()
    {
        string[] ends = ["Committed", "Unavailable", "Unknown", "AccountNotFound", "Failed", "UnknownCard", "WrongPan", "NoDirectory", "Late"];
        var rows = new TheoryData<string, string, string>();
        foreach (var row in ScenarioTable.Rows("switch-outcomes"))
        {
            for (var index = 0; index < ends.Length; index++)
                rows.Add(row[0], ends[index], row[index + 1]);
        }

        return rows;
    }

    public void Dispose() => under.Dispose();

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task Every_type_of_message_has_a_defined_answer(string mti, string answer, string code)
    {
        under.Ledger.Decide = Approve;
        var peer = under.Open().Peer;

        await peer.SendAsync(MessageOf(mti));

        if (answer != "-")
        {
            var received = await peer.ReceiveAsync();
            Assert.Equal(answer, received.Mti.ToString());
            Assert.Equal(code, received[39]);
        }

        await peer.AssertNothingElseCameAsync();
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task Every_type_of_message_has_a_defined_answer_when_it_cannot_be_read(string mti, string answer, string code)
    {
        var peer = under.Open().Peer;

        await peer.SendAsync([.. peer.Frame([.. MessageOf(mti).ToBytes(peer.Dialect), 0x30])]);

        if (answer != "-")
        {
            var received = await peer.ReceiveAsync();
            Assert.Equal(answer, received.Mti.ToString());
            Assert.Equal("30", received[39]);
            Assert.Equal("000001", received[11]);
        }

        Assert.NotEmpty(code);
        await peer.AssertNothingElseCameAsync();
        Assert.Contains("1 bytes too many", Assert.Single(under.Log.Of(2010)), StringComparison.Ordinal);
        Assert.Empty(under.Ledger.Requests);
    }

    [Theory]
    [MemberData(nameof(Outcomes))]
    public async Task Every_end_of_a_request_is_told_as_the_table_says(string mti, string end, string code)
    {
        under.Ledger.Decide = Approve;
        var message = MessageOf(mti);
        var line = under.Open();
        switch (end)
        {
            case "UnknownCard":
                message[2] = "4761739001010028";
                break;
            case "WrongPan":
                message[2] = "4761739001010011";
                break;
            case "NoDirectory":
                message[2] = "4761739001010028";
                under.Cards.Far = Task.FromException(new LedgerUnavailableException("No directory."));
                break;
            case "Late":
                under.Ledger.IsHolding = true;
                break;
            default:
                under.Ledger.Outcome = Enum.Parse<CommitOutcome>(end);
                break;
        }

        await line.Peer.SendAsync(message);
        if (end == "Late")
        {
            await under.Ledger.TakeAsync();
            under.Clock.Advance(TimeSpan.FromSeconds(3));
        }

        if (code != "-")
            Assert.Equal(code, (await line.Peer.ReceiveAsync())[39]);
        await line.Peer.AssertNothingElseCameAsync();
    }

    [Fact]
    public async Task A_pan_that_cannot_be_ours_is_looked_up_nowhere()
    {
        var peer = under.Open().Peer;

        foreach (var pan in (string[])["4761739001010011", "5555555555554444", "47617390010100100", "1234567"])
            Assert.Equal("14", (await peer.AskAsync(Messages.Purchase(pan: pan)))[39]);

        Assert.Equal(0, under.Cards.Lookups);
        Assert.Empty(under.Ledger.Requests);
    }

    [Fact]
    public async Task A_card_that_is_not_near_is_waited_for_without_holding_up_others()
    {
        var found = new TaskCompletionSource();
        under.Cards.Far = found.Task;
        under.Cards.Add(SwitchUnderTest.PanOf("4761739001010028"), isNear: false);
        var peer = under.Open().Peer;

        await peer.SendAsync(Messages.Purchase(stan: "000001", pan: "4761739001010028"));
        var other = await peer.AskAsync(Messages.Purchase(stan: "000002"));
        found.SetResult();
        var waited = await peer.ReceiveAsync();

        Assert.Equal("000002", other[11]);
        Assert.Equal("000001", waited[11]);
        Assert.Equal("00", waited[39]);
    }

    private static AuthorizationAnswer Approve(AuthorizationRequest request) =>
        request.Class is MessageClass.Authorization or MessageClass.Financial
            ? SteppedLedger.Approval(in request)
            : new AuthorizationAnswer { Kind = AnswerKind.Accepted };

    private static Iso8583Message MessageOf(string mti) => mti[1] == '8'
        ? new(Mti.Parse(mti)) { [7] = "0601120000", [11] = "000001", [70] = "301" }
        : Messages.Purchase(mti);
}
