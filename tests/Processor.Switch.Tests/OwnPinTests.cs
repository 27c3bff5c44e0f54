using System.Globalization;
using System.Text;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Ledger;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>PINs that cards were given, over a real socket with the real decisions, by each way in which they are checked.</summary>
public sealed class OwnPinTests
{
    private const string Chosen = "86420";
    private const string Other = "1357";
    private const string VerificationKey = "pvk-visa";
    private const string StoreKey = "pin-store";
    private const string AesStoreKey = "pin-store-aes";

    private static readonly Ulid CardId = new(3);

    private int stan;
    private UInt128 commands;

    public static TheoryData<string, string, string> Methods() => new()
    {
        { "ibm3624", DemoKeys.Pins, "iso3" },
        { "pvv", VerificationKey, "iso3" },
        { "stored", StoreKey, "iso0" },
        { "stored", StoreKey, "iso3" },
        { "stored", AesStoreKey, "iso4" },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_PIN_that_a_card_was_given_is_right_and_no_other(string method, string key, string format)
    {
        using var hsm = await OpenModuleAsync();
        await using var host = await StartAsync(hsm, method, key, format);

        Assert.Equal(PinIssueResult.Taken, await GiveAsync(host, hsm, Profile(method, key, format), Chosen));

        Assert.Equal("00", await AskAsync(host, Chosen));
        Assert.Equal("55", await AskAsync(host, host.Card.Pin));
        Assert.Equal("00", await AskAsync(host, Chosen));
        Assert.Equal(PinIssueResult.Taken, await GiveAsync(host, hsm, Profile(method, key, format), Other));
        Assert.Equal("55", await AskAsync(host, Chosen));
        Assert.Equal("00", await AskAsync(host, Other));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Its_tries_are_counted_and_a_new_PIN_has_them_all(string method, string key, string format)
    {
        using var hsm = await OpenModuleAsync();
        await using var host = await StartAsync(hsm, method, key, format);
        await GiveAsync(host, hsm, Profile(method, key, format), Chosen);

        for (var attempt = 0; attempt < 3; attempt++)
            Assert.Equal("55", await AskAsync(host, Other));
        Assert.Equal("75", await AskAsync(host, Chosen));
        await GiveAsync(host, hsm, Profile(method, key, format), Other);

        Assert.Equal("00", await AskAsync(host, Other));
    }

    [Fact]
    public async Task A_card_without_a_stored_PIN_has_no_right_one_and_no_try_is_spent()
    {
        using var hsm = await OpenModuleAsync();
        await using var host = await StartAsync(hsm, "stored", StoreKey, "iso3");

        for (var attempt = 0; attempt < 4; attempt++)
            Assert.Equal("55", await AskAsync(host, Chosen));
        await GiveAsync(host, hsm, Profile("stored", StoreKey, "iso3"), Chosen);

        Assert.Equal("00", await AskAsync(host, Chosen));
    }

    [Fact]
    public async Task A_card_without_a_PIN_of_its_own_keeps_its_natural_one()
    {
        using var hsm = await OpenModuleAsync();
        await using var host = await StartAsync(hsm, "ibm3624", DemoKeys.Pins, "iso3");

        Assert.Equal("00", await AskAsync(host, host.Card.Pin));
        Assert.Equal("55", await AskAsync(host, host.Card.Pin == Other ? "2468" : Other));
    }

    [Fact]
    public async Task A_PIN_is_the_cards_even_where_the_program_takes_none_any_more()
    {
        using var hsm = await OpenModuleAsync();
        var profile = Profile("ibm3624", DemoKeys.Pins, "iso3");
        await using var host = await CredentialHost.StartAsync(hsm, credentials: profile with { PinEntryKey = "" });
        await GiveAsync(host, hsm, profile, Chosen);

        Assert.Equal("00", await AskAsync(host, Chosen));
        Assert.Equal("55", await AskAsync(host, host.Card.Pin));
    }

    [Fact]
    public async Task Natural_PINs_are_made_as_the_program_says()
    {
        using var hsm = await OpenModuleAsync();
        var profile = CredentialHost.Program.Credentials! with { PinDecimalisationTable = "9876543210987654" };
        await using var host = await CredentialHost.StartAsync(hsm, credentials: profile);
        var turned = new string([.. host.Card.Pin.Select(digit => (char)('0' + '9' - digit))]);

        // The plain table has 0 to 9 and then 0 to 5; this one has at each place what is missing to 9.
        Assert.Equal("55", await AskAsync(host, host.Card.Pin));
        Assert.Equal("00", await AskAsync(host, turned));
    }

    [Fact]
    public async Task What_holds_no_PIN_for_the_card_is_not_taken()
    {
        using var hsm = await OpenModuleAsync();
        var profile = Profile("stored", StoreKey, "iso3");
        await using var host = await CredentialHost.StartAsync(hsm, credentials: profile);
        var foreign = host.Card.PinBlock(Chosen, Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210"));

        Assert.Equal(PinIssueResult.Unusable, await GiveAsync(host, hsm, profile, foreign));
        Assert.Equal(PinIssueResult.Unusable, await GiveAsync(host, hsm, profile, new byte[7]));
        Assert.Equal(PinIssueResult.NotTaken, await GiveAsync(host, hsm, profile with { PinEntryKey = "" }, host.Card.PinBlock(Chosen)));
        Assert.Equal(PinIssueResult.Unavailable, await GiveAsync(host, hsm, profile with { PinKey = "nowhere" }, host.Card.PinBlock(Chosen)));
    }

    [Fact]
    public async Task An_order_gives_the_chip_the_same_PIN()
    {
        using var hsm = await OpenModuleAsync();
        var profile = Profile("stored", StoreKey, "iso3") with { ConfidentialityKey = DemoKeys.Confidentiality, ChipPinKey = DemoKeys.ChipPins };
        await using var host = await CredentialHost.StartAsync(hsm, credentials: profile);
        var issue = await new PinIssuer(hsm).IssueAsync(
            profile, SwitchUnderTest.PanOf(Messages.Pan), new SealedPin(0, host.Card.PinBlock(Chosen)), CancellationToken.None);
        host.Scripts.Replace([new(4, host.AccountId, 3, ScriptCommand.PinChange, 0x72, DataObject: 0, issue.ForChip)], number => Assert.Fail($"Order {number} was refused."));
        var request = Next();
        request[55] = Convert.ToHexString(host.Card.IccData(counter: 1, new(10_50, Currency.Eur), unpredictableNumber: 1));

        var answer = await host.Peer.AskAsync(request);

        var icc = Convert.FromHexString(request[55]!);
        Assert.Equal("00", answer[39]);
        Assert.True(host.Card.TryReadCommand(Convert.FromHexString(answer[55]!), icc, out var command));
        Assert.True(host.Card.ChangesPin(command, icc, Chosen));
        Assert.False(host.Card.ChangesPin(command, icc, Other));
        Assert.DoesNotContain(Convert.ToHexString(issue.ForChip.Span[1..]), answer[55], StringComparison.Ordinal);
    }

    private static async Task<SoftwareHsm> OpenModuleAsync()
    {
        var hsm = await CredentialHost.OpenModuleAsync();
        await AddAsync(new(VerificationKey, KeyUsage.PinVerificationVisa, KeyAlgorithm.TripleDes, KeyMode.GenerateAndVerify));
        await AddAsync(new(StoreKey, KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both));
        await AddAsync(new(AesStoreKey, KeyUsage.PinEncryption, KeyAlgorithm.Aes, KeyMode.Both, Bits: 128));
        return hsm;

        async Task AddAsync(KeyTemplate template)
        {
            var made = await hsm.Keys.GenerateKeyAsync(template, CancellationToken.None);
            await hsm.Keys.ActivateKeyAsync(made.Key!.Key, CancellationToken.None);
        }
    }

    private static CredentialProfile Profile(string method, string key, string format) => CredentialHost.Program.Credentials! with
    {
        PinMethod = method,
        PinKey = key,
        PinBlockFormat = format,
        PinEntryKey = DemoKeys.ZonePins,
    };

    private static Task<CredentialHost> StartAsync(IHsm hsm, string method, string key, string format) =>
        CredentialHost.StartAsync(hsm, credentials: Profile(method, key, format));

    private Task<PinIssueResult> GiveAsync(CredentialHost host, IHsm hsm, CredentialProfile profile, string pin) =>
        GiveAsync(host, hsm, profile, host.Card.PinBlock(pin));

    /// <summary>As the façade does: the module makes the reference, and the ledger gives it to the card.</summary>
    private async Task<PinIssueResult> GiveAsync(CredentialHost host, IHsm hsm, CredentialProfile profile, byte[] block)
    {
        var issue = await new PinIssuer(hsm).IssueAsync(profile, SwitchUnderTest.PanOf(Messages.Pan), new SealedPin(0, block), CancellationToken.None);
        if (issue.Result != PinIssueResult.Taken)
            return issue.Result;
        var command = new SetCardPinCommand { AccountId = host.AccountId, CardId = CardId, Key = 1_000_000 + ++commands, Pin = issue.Pin };
        host.Ledger.Submit(command);
        Assert.Equal(CommandResult.Done, command.Said);
        return issue.Result;
    }

    private async Task<string?> AskAsync(CredentialHost host, string pin)
    {
        var message = Next();
        message[3] = "010000";
        message[52] = Convert.ToHexString(host.Card.PinBlock(pin));
        return (await host.Peer.AskAsync(message))[39];
    }

    private Iso8583Message Next()
    {
        var message = Messages.Purchase();
        message[11] = (++stan).ToString("D6", CultureInfo.InvariantCulture);
        message[37] = "615212" + message[11];
        return message;
    }
}
