using System.Globalization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>Track 1 (DE 45) where there is no track 2, over a real socket. What is right is computed with the framework's ciphers.</summary>
public sealed class Track1Tests
{
    // track_value_invalid in specs/response-codes/default.json
    private const string ValueWrong = "82";

    private static readonly FrameworkCard Card = new(Messages.Pan);

    private int stan;

    [Theory]
    [InlineData("iso87-ascii")]
    [InlineData("iso87-binary")]
    public async Task The_CVV_of_track_1_is_checked(string dialect)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, dialect);
        var track = Card.Track1;
        var wrong = track[..^1] + (track[^1] == '0' ? '1' : '0');

        Assert.Equal("00", await AskAsync(host, Swiped("901", track)));
        Assert.Equal("00", await AskAsync(host, Swiped("901", "%" + track)));
        Assert.Equal(ValueWrong, await AskAsync(host, Swiped("901", wrong)));
        Assert.Equal(ValueWrong, await AskAsync(host, Swiped("901", track[..^1])));
        Assert.Equal("00", await AskAsync(host, Swiped("051", Card.ChipTrack1)));
        Assert.Equal(ValueWrong, await AskAsync(host, Swiped("051", track)));
        Assert.Equal(ValueWrong, await AskAsync(host, Swiped("901", Card.ChipTrack1)));
    }

    [Fact]
    public async Task The_service_code_of_track_1_is_the_program_s()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var other = Card.TrackOne("3112", "101", "101");
        await using var careless = await CredentialHost.StartAsync(hsm, credentials: new CredentialProfile { TrackKey = DemoKeys.CardValues });

        // Its CVV is right, so it is the service code that is refused: a program that does not compare it takes the card.
        Assert.Equal("05", await AskAsync(host, Swiped("901", other)));
        Assert.Equal("00", await AskAsync(careless, Swiped("901", other)));
        Assert.Equal("00", await AskAsync(host, Swiped("901", Card.Track1)));
    }

    [Fact]
    public async Task The_expiry_of_track_1_is_the_card_s()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var aged = Card.TrackOne("3012", "201", "201");
        var contradicting = Swiped("901", aged);
        contradicting[14] = "3112";
        var agreeing = Swiped("901", Card.Track1);
        agreeing[2] = Messages.Pan;
        agreeing[14] = "3112";
        var foreign = Swiped("901", new FrameworkCard("4761739001010028").Track1);
        foreign[2] = Messages.Pan;

        Assert.Equal("54", await AskAsync(host, Swiped("901", aged)));
        Assert.Equal("05", await AskAsync(host, contradicting));
        Assert.Equal("05", await AskAsync(host, foreign));
        Assert.Equal("00", await AskAsync(host, agreeing));
    }

    private static async Task<string?> AskAsync(CredentialHost host, Iso8583Message message) => (await host.Peer.AskAsync(message))[39];

    private Iso8583Message Swiped(string mode, string track)
    {
        var message = Messages.Purchase(stan: (++stan).ToString("D6", CultureInfo.InvariantCulture));
        message[2] = message[14] = null;
        message[22] = mode;
        message[45] = track;
        return message;
    }
}
