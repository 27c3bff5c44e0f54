using System.Globalization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>The program's settings for the keys of its chips, over a real socket with the real decisions.</summary>
public sealed class ChipKeyTests
{
    // Of 19 digits: there, option B derives another key than option A.
    private const string LongPan = "4761739001010010121";

    private static readonly Amount Asked = new(10_50, Currency.Eur);

    private int stan;

    [Theory]
    [InlineData("a", IccKeyOption.A, "00")]
    [InlineData("b", IccKeyOption.B, "00")]
    [InlineData("a", IccKeyOption.B, "82")]
    [InlineData("b", IccKeyOption.A, "82")]
    public async Task A_long_PANs_chip_is_known_by_the_key_option_of_its_program(string option, IccKeyOption chips, string code)
    {
        var credentials = CredentialHost.Program.Credentials! with { ChipKeyOption = option };

        await CheckAsync(LongPan, credentials, new DemoCard(SwitchUnderTest.PanOf(LongPan), chips), code);
    }

    [Theory]
    [InlineData("profile", SessionMethod.Common, "00")]
    [InlineData("card", SessionMethod.None, "00")]
    [InlineData("common", SessionMethod.Common, "00")]
    [InlineData("mchip", SessionMethod.MChip, "00")]
    [InlineData("tree_8_4", SessionMethod.TreeOfFour, "00")]
    [InlineData("tree_16_2", SessionMethod.TreeOfTwo, "00")]
    [InlineData("profile", SessionMethod.TreeOfFour, "82")]
    [InlineData("tree_8_4", SessionMethod.TreeOfTwo, "82")]
    [InlineData("tree_16_2", SessionMethod.Common, "82")]
    public async Task A_chips_session_keys_are_made_as_its_program_says(string session, SessionMethod chips, string code)
    {
        var credentials = CredentialHost.Program.Credentials! with { ChipSession = session };

        await CheckAsync(Messages.Pan, credentials, new DemoCard(SwitchUnderTest.PanOf(Messages.Pan), session: chips), code);
    }

    [Fact]
    public void A_word_for_keys_of_chips_that_is_not_known_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Authorization.CredentialPlan(new CredentialProfile { ChipKeyOption = "c" }));
        Assert.Throws<ArgumentException>(() => new Authorization.CredentialPlan(new CredentialProfile { ChipSession = "tree" }));
    }

    /// <summary>Two transactions, the second with a command for the chip: cryptogram, answer and command all stand under keys of the settings.</summary>
    private async Task CheckAsync(string pan, CredentialProfile credentials, DemoCard card, string code)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, options: CardOptions.DemandsCryptogram, credentials: credentials, card: card, pan: pan);
        var first = Chip(card, pan, counter: 7);
        var second = Chip(card, pan, counter: 8);

        var answer = await host.Peer.AskAsync(first);
        host.Scripts.Replace([new(1, host.AccountId, 3, ScriptCommand.ApplicationBlock, 0x72, DataObject: 0, Data: default)], number => Assert.Fail($"Order {number} was refused."));
        var commanded = await host.Peer.AskAsync(second);

        Assert.Equal((code, code), (answer[39], commanded[39]));
        if (code != "00")
            return;
        Assert.True(card.IsIssuer(Convert.FromHexString(answer[55]!), Convert.FromHexString(first[55]!), out var isApproved) && isApproved);
        Assert.True(card.TryReadCommand(Convert.FromHexString(commanded[55]!), Convert.FromHexString(second[55]!), out var command));
        Assert.Equal("841E000008", Convert.ToHexString(command[..5]));
    }

    private Iso8583Message Chip(DemoCard card, string pan, ushort counter)
    {
        var message = Messages.Purchase();
        message[2] = pan;
        message[11] = (++stan).ToString("D6", CultureInfo.InvariantCulture);
        message[37] = "615212" + message[11];
        message[55] = Convert.ToHexString(card.IccData(counter, Asked, unpredictableNumber: 0x12345678));
        return message;
    }
}
