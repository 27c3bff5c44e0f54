using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch.Tests;

public sealed class DecisionReplyTests : IDisposable
{
    private readonly SwitchUnderTest under = new();

    public void Dispose() => under.Dispose();

    [Fact]
    public async Task An_approval_carries_its_code_and_the_amount_that_was_asked()
    {
        var answer = await AskAsync(Messages.Purchase(), new() { Kind = AnswerKind.Approved, ApprovedTransaction = 1050 });

        Assert.Equal("00", answer[39]);
        Assert.Equal("A1B2C3", answer[38]);
        Assert.Equal("000000001050", answer[4]);
        Assert.Null(answer[54]);
    }

    [Fact]
    public async Task A_partial_approval_tells_what_is_approved_and_what_was_asked()
    {
        var message = Messages.Purchase();
        message[3] = "003000";
        message[6] = "000000001100";
        message[51] = "840";

        var answer = await AskAsync(message, new() { Kind = AnswerKind.Partial, ApprovedTransaction = 700, ApprovedBilling = 733, AskedTransaction = 1050 });

        Assert.Equal("10", answer[39]);
        Assert.Equal("A1B2C3", answer[38]);
        Assert.Equal("000000000700", answer[4]);
        Assert.Equal("000000000733", answer[6]);
        Assert.Equal("3057978D000000001050" + "3057840D000000001100", answer[54]);
    }

    [Fact]
    public async Task A_partial_approval_without_a_billing_amount_has_none_in_its_answer()
    {
        var answer = await AskAsync(Messages.Purchase(), new() { Kind = AnswerKind.Partial, ApprovedTransaction = 700, ApprovedBilling = 700, AskedTransaction = 1050 });

        Assert.Null(answer[6]);
        Assert.Equal("0057978D000000001050", answer[54]);
    }

    [Fact]
    public async Task Balances_are_told_with_their_sign()
    {
        var message = Messages.Purchase();
        message[3] = "311000";
        message[4] = "000000000000";

        var answer = await AskAsync(message, new() { Kind = AnswerKind.Approved, HasBalances = true, LedgerBalance = 100_000, AvailableBalance = -250, BalanceCurrency = 978 });

        Assert.Equal("1001978C000000100000" + "1002978D000000000250", answer[54]);
    }

    [Fact]
    public async Task A_decline_carries_its_code_and_no_approval()
    {
        var answer = await AskAsync(Messages.Purchase(), new() { Kind = AnswerKind.Declined, Reason = DeclineReason.InsufficientFunds }, approvalCode: "");

        Assert.Equal("51", answer[39]);
        Assert.Null(answer[38]);
        Assert.Equal("000000001050", answer[4]);
    }

    [Theory]
    [InlineData(true, "85")]
    [InlineData(false, "00")]
    public async Task A_good_verification_is_told_as_the_program_says(bool with85, string code)
    {
        under.AnswersVerificationWith85(with85);
        var message = Messages.Purchase();
        message[4] = "000000000000";

        Assert.Equal(code, (await AskAsync(message, new() { Kind = AnswerKind.Verified }))[39]);
    }

    [Theory]
    [InlineData("0400", AnswerKind.UnknownOriginal, "25")]
    [InlineData("0400", AnswerKind.Accepted, "00")]
    [InlineData("0420", AnswerKind.Accepted, "00")]
    public async Task A_reversal_echoes_what_it_named(string mti, AnswerKind kind, string code)
    {
        var message = Messages.Purchase(mti);
        message[95] = "000000000400" + new string('0', 30);

        var answer = await AskAsync(message, new() { Kind = kind }, approvalCode: "");

        Assert.Equal(code, answer[39]);
        Assert.Equal(message[90], answer[90]);
        Assert.Equal(message[95], answer[95]);
        Assert.Null(answer[38]);
    }

    [Fact]
    public async Task A_decision_without_a_code_is_our_mistake_and_the_sender_hears_so()
    {
        var answer = await AskAsync(Messages.Purchase(), new() { Kind = AnswerKind.Declined, Reason = (DeclineReason)9999 });

        Assert.Equal("96", answer[39]);
        Assert.Contains("No response code", Assert.Single(under.Log.Of(2020)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iso87-ascii")]
    [InlineData("iso87-binary")]
    public async Task Cardholder_data_never_come_back(string dialect)
    {
        using var other = new SwitchUnderTest(endpoint => endpoint.Dialect = dialect);
        var message = Messages.WithTrack2(Messages.Purchase());
        message[45] = "B4761739001010010^DOE/JANE^31122010000000123";
        message[48] = "92123";
        message[52] = "0123456789ABCDEF";
        message[55] = "9F2608AABBCCDDEEFF0011";

        var answer = await other.Open().Peer.AskAsync(message);

        Assert.Equal("00", answer[39]);
        foreach (var element in (int[])[2, 14, 35, 36, 45, 48, 52, 53, 55, 64, 128])
            Assert.Null(answer[element]);
    }

    private async Task<Iso8583Message> AskAsync(Iso8583Message message, AuthorizationAnswer decided, string approvalCode = "A1B2C3")
    {
        System.Text.Encoding.ASCII.GetBytes(approvalCode, decided.ApprovalCode);
        under.Ledger.Decide = _ => decided;
        return await under.Open().Peer.AskAsync(message);
    }
}
