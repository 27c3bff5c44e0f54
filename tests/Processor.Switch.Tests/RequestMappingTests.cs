using System.Text;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch.Tests;

public sealed class RequestMappingTests
{
    [Theory]
    [InlineData("iso87-ascii")]
    [InlineData("iso87-binary")]
    public async Task Every_element_of_a_request_reaches_the_ledger(string dialect)
    {
        var message = Messages.Purchase("0101");
        message[6] = "000000001234";
        message[51] = "840";
        message[3] = "002000";
        message[63] = "NET0000000000001";

        var request = await MapAsync(message, dialect);

        Assert.Equal(MessageClass.Authorization, request.Class);
        Assert.Equal(101, request.Mti);
        Assert.True(request.IsRepeat);
        Assert.Equal(5, request.Network);
        Assert.Equal(EndpointMode.Dual, request.Mode);
        Assert.Equal(TransactionKind.Purchase, request.Kind);
        Assert.Equal(20, request.AccountType);
        Assert.Equal(7, request.Program);
        Assert.Equal(3, request.Card);
        Assert.Equal(3112, request.Expiry);
        Assert.Equal(new Amount(1050, Currency.Eur), request.Transaction);
        Assert.True(request.HasBilling);
        Assert.Equal(new Amount(1234, Currency.Usd), request.Billing);
        Assert.Equal(1u, request.Stan);
        Assert.Equal(601120000u, request.Transmission);
        Assert.Equal(12345ul, request.Acquirer);
        Assert.Equal("615212000001", Text(request.RetrievalReference));
        Assert.Equal("TERM0001", Text(request.Terminal));
        Assert.Equal("MERCHANT0000001", Text(request.CardAcceptor));
        Assert.Equal("Corner shop              Berlin       DE", Text(request.CardAcceptorName));
        Assert.Equal(5411, request.MerchantCategory);
        Assert.Equal(51, request.PosEntryMode);
        Assert.NotEqual(0ul, request.NetworkId);
        Assert.Equal(new PlainHasher().Hash(SwitchUnderTest.PanOf(Messages.Pan)), request.Pan);
    }

    [Theory]
    [InlineData("000000", "000000001050", TransactionKind.Purchase)]
    [InlineData("000000", "000000000000", TransactionKind.Verification)]
    [InlineData("010000", "000000001050", TransactionKind.Cash)]
    [InlineData("090000", "000000001050", TransactionKind.Cashback)]
    [InlineData("200000", "000000001050", TransactionKind.Refund)]
    [InlineData("300000", "000000000000", TransactionKind.BalanceInquiry)]
    [InlineData("310000", "000000000000", TransactionKind.BalanceInquiry)]
    [InlineData("400000", "000000001050", TransactionKind.None)]
    public async Task The_processing_code_says_what_the_cardholder_does(string code, string amount, TransactionKind kind)
    {
        var message = Messages.Purchase();
        message[3] = code;
        message[4] = amount;

        Assert.Equal(kind, (await MapAsync(message)).Kind);
    }

    [Theory]
    [InlineData("iso87-ascii")]
    [InlineData("iso87-binary")]
    public async Task A_track_stands_in_for_the_pan_and_the_expiry(string dialect)
    {
        var message = Messages.WithTrack2(Messages.Purchase(), expiry: "2912");
        message[14] = null;

        var request = await MapAsync(message, dialect);

        Assert.Equal(new PlainHasher().Hash(SwitchUnderTest.PanOf(Messages.Pan)), request.Pan);
        Assert.Equal(2912, request.Expiry);
    }

    [Fact]
    public async Task Track_1_is_read_where_there_is_nothing_else()
    {
        var message = Messages.Purchase();
        message[45] = "B" + message[2] + "^DOE/JANE^29122010000000123";
        message[2] = null;
        message[14] = null;

        var request = await MapAsync(message);

        Assert.Equal(new PlainHasher().Hash(SwitchUnderTest.PanOf(Messages.Pan)), request.Pan);
        Assert.Equal(2912, request.Expiry);
    }

    [Fact]
    public async Task An_expiry_in_the_message_goes_before_that_of_the_track()
    {
        Assert.Equal(3112, (await MapAsync(Messages.WithTrack2(Messages.Purchase(), expiry: "2912"))).Expiry);
    }

    [Theory]
    [InlineData("123", 0)]
    [InlineData("EUR", 978)]
    [InlineData("XQZ", 0)]
    public async Task A_currency_that_is_not_listed_is_no_currency(string code, int numeric)
    {
        var message = Messages.Purchase();
        message[49] = code;

        Assert.Equal(numeric, (await MapAsync(message)).Transaction.Currency.Numeric);
    }

    [Theory]
    [InlineData("0000000001", true)]
    [InlineData("0000000000", false)]
    public async Task The_dialect_says_where_a_terminal_takes_a_part(string indicator, bool supports)
    {
        var message = Messages.Purchase();
        message[60] = indicator;

        Assert.Equal(supports, (await MapAsync(message)).SupportsPartial);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("00", false)]
    [InlineData("10", false)]
    [InlineData("85", false)]
    [InlineData("51", true)]
    [InlineData("05", true)]
    public async Task An_advice_tells_what_the_sender_decided(string? code, bool isDeclined)
    {
        var message = Messages.Purchase("0120");
        message[38] = "Z9Y8X7";
        message[39] = code;
        message[90] = "0101" + "000077" + "0531235959" + "00000012345" + "00000000000";

        var request = await MapAsync(message);

        Assert.Equal(isDeclined, request.IsDeclinedAdvice);
        Assert.Equal("Z9Y8X7", Text(request.ApprovalCode));
        Assert.Equal(MessageClass.Authorization, request.OriginalClass);
        Assert.Equal(77u, request.OriginalStan);
        Assert.Equal(531235959u, request.OriginalTransmission);
        Assert.Equal(12345ul, request.OriginalAcquirer);
    }

    [Fact]
    public async Task A_reversal_names_its_original_and_what_remains()
    {
        var message = Messages.Purchase("0420");
        message[90] = new string('0', 42);
        message[95] = "000000000400" + new string('0', 30);

        var request = await MapAsync(message);

        Assert.Equal(MessageClass.None, request.OriginalClass);
        Assert.Equal(0u, request.OriginalStan);
        Assert.True(request.HasReplacement);
        Assert.Equal(400, request.Replacement);
    }

    [Theory]
    [InlineData(7, "9999999999")]
    [InlineData(90, "0100000001999999999900000012345" + "00000000000")]
    [InlineData(95, "00000000040A000000000000000000000000000000")]
    public async Task What_makes_no_sense_is_a_format_error(int element, string content)
    {
        using var under = new SwitchUnderTest();
        var message = Messages.Purchase("0400");
        message[element] = content;

        var answer = await under.Open().Peer.AskAsync(message);

        Assert.Equal("30", answer[39]);
        Assert.Contains($"DE{element} makes no sense", Assert.Single(under.Log.Of(2011)), StringComparison.Ordinal);
        Assert.Empty(under.Ledger.Requests);
    }

    [Fact]
    public async Task Blanks_and_zeros_are_no_network_id_and_two_ids_differ()
    {
        async Task<ulong> IdOf(string? id)
        {
            var message = Messages.Purchase();
            message[63] = id;
            return (await MapAsync(message)).NetworkId;
        }

        Assert.Equal(0ul, await IdOf(null));
        Assert.Equal(0ul, await IdOf("0000000000"));
        Assert.Equal(0ul, await IdOf("          "));
        Assert.NotEqual(await IdOf("123456789012345"), await IdOf("123456789012346"));
        Assert.Equal(await IdOf("123456789012345"), await IdOf("123456789012345   "));
    }

    private static async Task<AuthorizationRequest> MapAsync(Iso8583Message message, string dialect = "iso87-ascii")
    {
        using var under = new SwitchUnderTest(endpoint =>
        {
            endpoint.Dialect = dialect;
            endpoint.Network = 5;
        });
        await under.Open().Peer.AskAsync(message);
        return Assert.Single(under.Ledger.Requests);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
