using System.Globalization;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>Right and wrong credentials over a real socket, checked by the software module.</summary>
public sealed class CredentialTests
{
    private static readonly Amount Asked = new(10_50, Currency.Eur);

    private int stan;

    [Theory]
    [InlineData("iso87-ascii")]
    [InlineData("iso87-binary")]
    public async Task The_value_printed_on_the_card_is_checked(string dialect)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, dialect, CardOptions.DemandsVerificationValue);
        var right = host.Card.VerificationValue;

        Assert.Equal("00", await AskAsync(host, Keyed("92", right)));
        Assert.Equal("05", await AskAsync(host, Keyed("92", Other(right))));
        Assert.Equal("05", await AskAsync(host, Keyed("92", "12")));
        Assert.Equal("05", await AskAsync(host, Keyed("91", right)));
    }

    [Fact]
    public async Task The_track_of_a_stripe_has_the_CVV_and_that_of_a_chip_the_iCVV()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);

        Assert.Equal("00", await AskAsync(host, Swiped("901", host.Card.Track2)));
        Assert.Equal("00", await AskAsync(host, Swiped("051", host.Card.ChipTrack2)));
        Assert.NotEqual("00", await AskAsync(host, Swiped("901", host.Card.ChipTrack2)));
        Assert.NotEqual("00", await AskAsync(host, Swiped("051", host.Card.Track2)));
        Assert.NotEqual("00", await AskAsync(host, Swiped("901", host.Card.Track2[..^1])));
    }

    [Fact]
    public async Task A_track_of_another_card_or_expiry_or_service_code_is_refused()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var track = host.Card.Track2;
        var other = Swiped("901", new DemoCard(SwitchUnderTest.PanOf("4761739001010028")).Track2);
        other[2] = Messages.Pan;
        var aged = Swiped("901", track.Replace("=3112", "=3012", StringComparison.Ordinal));
        var contradicting = Swiped("901", track.Replace("=3112", "=3012", StringComparison.Ordinal));
        contradicting[14] = "3112";

        Assert.Equal("05", await AskAsync(host, other));
        Assert.Equal("54", await AskAsync(host, aged));
        Assert.Equal("05", await AskAsync(host, contradicting));
        Assert.NotEqual("00", await AskAsync(host, Swiped("901", track.Replace("=3112201", "=3112101", StringComparison.Ordinal))));
        Assert.Equal("00", await AskAsync(host, Swiped("901", track)));
    }

    [Theory]
    [InlineData("iso87-ascii")]
    [InlineData("iso87-binary")]
    public async Task A_right_cryptogram_is_answered_so_that_the_chip_knows_its_issuer(string dialect)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, dialect, CardOptions.DemandsCryptogram, posted: 15_00);

        var (approved, first) = await AskChipAsync(host, counter: 1);
        var (declined, second) = await AskChipAsync(host, counter: 2);

        Assert.Equal(("00", true), (approved[39], IsIssuer(host, approved, first, out var isApproved) && isApproved));
        Assert.Equal(("51", true), (declined[39], IsIssuer(host, declined, second, out isApproved) && !isApproved));
    }

    [Fact]
    public async Task A_wrong_cryptogram_is_refused_and_the_chip_is_told_nothing()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var icc = host.Card.IccData(counter: 1, Asked, unpredictableNumber: 1);
        icc[^1] ^= 1;

        var answer = await host.Peer.AskAsync(Chip(icc));

        Assert.NotEqual("00", answer[39]);
        Assert.Null(answer[55]);
        Assert.NotEqual("00", await AskAsync(host, Chip(icc[..20])));
        Assert.Equal("00", await AskAsync(host, Chip(host.Card.IccData(counter: 1, Asked, unpredictableNumber: 1))));
    }

    [Fact]
    public async Task A_cryptogram_of_another_amount_is_refused()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);

        Assert.Equal("05", await AskAsync(host, Chip(host.Card.IccData(counter: 1, new(1_00, Currency.Eur), unpredictableNumber: 1))));
        Assert.Equal("05", await AskAsync(host, Chip(host.Card.IccData(counter: 1, new(10_50, Currency.Usd), unpredictableNumber: 1))));
    }

    [Fact]
    public async Task A_cryptogram_comes_once()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var first = Chip(host.Card.IccData(counter: 7, Asked, unpredictableNumber: 1));
        var repeat = first.Copy();
        repeat.Mti = Mti.Parse("0101");

        var answer = await host.Peer.AskAsync(first);
        var again = await host.Peer.AskAsync(repeat);

        Assert.Equal(("00", answer[38], answer[55]), (again[39], again[38], again[55]));
        Assert.NotEqual("00", await AskAsync(host, Chip(host.Card.IccData(counter: 7, Asked, unpredictableNumber: 1))));
        Assert.Equal("00", await AskAsync(host, Chip(host.Card.IccData(counter: 8, Asked, unpredictableNumber: 1))));
    }

    [Fact]
    public async Task Only_an_advice_may_tell_of_what_the_chip_has_ended()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var ended = host.Card.IccData(counter: 3, Asked, unpredictableNumber: 9, information: 0x40);
        var advice = Chip(ended, "0120");
        advice[39] = "00";

        Assert.NotEqual("00", await AskAsync(host, Chip(ended)));
        Assert.Equal("00", await AskAsync(host, advice));
        Assert.NotEqual("00", await AskAsync(host, Chip(host.Card.IccData(counter: 3, Asked, unpredictableNumber: 9))));
    }

    [Fact]
    public async Task The_PIN_is_checked_under_the_key_of_the_link_and_spent_tries_refuse_the_right_one()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, options: CardOptions.Cash | CardOptions.DemandsPinForCash);
        var right = host.Card.PinBlock(host.Card.Pin);
        var wrong = host.Card.PinBlock(host.Card.Pin == "1234" ? "4321" : "1234");

        Assert.Equal("00", await AskAsync(host, Cash(right)));
        Assert.Equal("55", await AskAsync(host, Cash(wrong)));
        Assert.Equal("00", await AskAsync(host, Cash(right)));
        for (var attempt = 0; attempt < 3; attempt++)
            Assert.Equal("55", await AskAsync(host, Cash(wrong)));
        Assert.Equal("75", await AskAsync(host, Cash(right)));
        Assert.Equal("75", await AskAsync(host, Cash(wrong)));
    }

    [Fact]
    public async Task A_PIN_block_under_another_key_is_a_wrong_PIN_and_no_try()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var foreign = host.Card.PinBlock(host.Card.Pin, Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210"));

        for (var attempt = 0; attempt < 5; attempt++)
            Assert.Equal("55", await AskAsync(host, Cash(foreign)));

        Assert.Equal("00", await AskAsync(host, Cash(host.Card.PinBlock(host.Card.Pin))));
    }

    [Fact]
    public async Task Without_a_module_nothing_that_must_be_checked_is_approved()
    {
        await using var host = await CredentialHost.StartAsync(hsm: null);

        Assert.Equal("91", await AskAsync(host, Keyed("92", host.Card.VerificationValue)));
        Assert.Equal("91", await AskAsync(host, Swiped("901", host.Card.Track2)));
        Assert.Equal("91", await AskAsync(host, Chip(host.Card.IccData(counter: 1, Asked, unpredictableNumber: 1))));
        Assert.Equal("91", await AskAsync(host, Cash(host.Card.PinBlock(host.Card.Pin))));
        Assert.Equal("00", await AskAsync(host, Next(Messages.Purchase())));
    }

    [Fact]
    public async Task In_production_the_software_module_checks_no_PIN_unless_told()
    {
        using var refusing = await CredentialHost.OpenModuleAsync(new(IsProduction: true));
        using var told = await CredentialHost.OpenModuleAsync(new(IsProduction: true, AllowsPinInProduction: true));
        await using var first = await CredentialHost.StartAsync(refusing);
        await using var second = await CredentialHost.StartAsync(told);

        Assert.Equal("91", await AskAsync(first, Cash(first.Card.PinBlock(first.Card.Pin))));
        Assert.Equal("00", await AskAsync(second, Cash(second.Card.PinBlock(second.Card.Pin))));
    }

    private static bool IsIssuer(CredentialHost host, Iso8583Message answer, byte[] icc, out bool isApproved)
    {
        isApproved = false;
        return answer[55] is { } text && host.Card.IsIssuer(Convert.FromHexString(text), icc, out isApproved);
    }

    private static string Other(string value) => value == "000" ? "111" : "000";

    private static async Task<string?> AskAsync(CredentialHost host, Iso8583Message message) => (await host.Peer.AskAsync(message))[39];

    private async Task<(Iso8583Message Answer, byte[] Icc)> AskChipAsync(CredentialHost host, ushort counter)
    {
        var icc = host.Card.IccData(counter, Asked, unpredictableNumber: 0x12345678);
        return (await host.Peer.AskAsync(Chip(icc)), icc);
    }

    private Iso8583Message Next(Iso8583Message message)
    {
        message[11] = (++stan).ToString("D6", CultureInfo.InvariantCulture);
        message[37] = "615212" + message[11];
        return message;
    }

    private Iso8583Message Keyed(string tag, string value)
    {
        var message = Next(Messages.Purchase());
        message[22] = "012";
        message[48] = string.Create(CultureInfo.InvariantCulture, $"{tag}{value.Length:D2}{value}");
        return message;
    }

    private Iso8583Message Swiped(string mode, string track)
    {
        var message = Next(Messages.Purchase());
        message[2] = message[14] = null;
        message[22] = mode;
        message[35] = track;
        return message;
    }

    private Iso8583Message Chip(byte[] icc, string mti = "0100")
    {
        var message = Next(Messages.Purchase(mti));
        message[55] = Convert.ToHexString(icc);
        return message;
    }

    private Iso8583Message Cash(byte[] block)
    {
        var message = Next(Messages.Purchase());
        message[3] = "010000";
        message[52] = Convert.ToHexString(block);
        return message;
    }
}
