using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>PINs against a PVV, and PIN blocks in each format, over a real socket. What is right is computed with the framework's ciphers.</summary>
public sealed class PinTests
{
    private const string PvvKey = "pvv-key";
    private const string AesZoneKey = "aes-zone";
    private const string RightPin = "7391";
    private const string WrongPin = "7392";
    private const int PvvKeyIndex = 3;

    private static readonly FrameworkKey Zone = FrameworkKey.Named(DemoKeys.ZonePins);
    private static readonly FrameworkCard Card = new(Messages.Pan);
    private static readonly CredentialProfile PvvProfile = new() { TrackKey = DemoKeys.CardValues, PinKey = PvvKey, PinMethod = "pvv" };

    private int stan;

    [Fact]
    public async Task A_PIN_is_checked_against_the_PVV_of_the_track()
    {
        using var hsm = await OpenPvvModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, credentials: PvvProfile);
        var track = TrackFor(RightPin);
        Assert.NotEqual(TrackFor(WrongPin), track);

        Assert.Equal("00", await AskAsync(host, Swiped(track, RightPin)));
        Assert.Equal("55", await AskAsync(host, Swiped(track, WrongPin)));
        Assert.Equal("00", await AskAsync(host, Swiped(TrackFor(WrongPin), WrongPin)));
        Assert.Equal("55", await AskAsync(host, Swiped(TrackFor(WrongPin), RightPin)));
        Assert.Equal("55", await AskAsync(host, Swiped(Card.Track2WithPvv(PvvKeyIndex + 1, PvvOf(RightPin)), RightPin)));
        Assert.Equal("00", await AskAsync(host, Swiped(track, RightPin)));
    }

    [Fact]
    public async Task Wrong_PINs_against_a_PVV_are_counted_until_even_the_right_one_is_refused()
    {
        using var hsm = await OpenPvvModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, credentials: PvvProfile);
        var track = TrackFor(RightPin);

        // The right one forgives those before it.
        foreach (var (pin, code) in new[] { (WrongPin, "55"), (WrongPin, "55"), (RightPin, "00"), (WrongPin, "55"), (WrongPin, "55"), (WrongPin, "55") })
            Assert.Equal(code, await AskAsync(host, Swiped(track, pin)));
        Assert.Equal("75", await AskAsync(host, Swiped(track, RightPin)));
        Assert.Equal("75", await AskAsync(host, Swiped(track, WrongPin)));
        Assert.Equal("75", await AskAsync(host, Swiped(track, RightPin)));
    }

    [Theory]
    [InlineData(0, 3, "03")]
    [InlineData(3, 0, "01")]
    [InlineData(1, 0, "01")]
    [InlineData(1, 3, "03")]
    public async Task DE_53_names_the_format_of_the_PIN_block(int endpointFormat, int blockFormat, string word)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        foreach (var dialect in new[] { "iso87-ascii", "iso87-binary" })
        {
            await using var host = await CredentialHost.StartAsync(hsm, dialect, configure: endpoint => endpoint.PinFormat = endpointFormat);
            var block = Card.PinBlock(blockFormat, host.Card.Pin, Zone);
            var control = $"2001{word}0100000000";

            Assert.Equal("00", await AskAsync(host, Cash(block, control)));
            Assert.Equal("55", await AskAsync(host, Cash(Card.PinBlock(blockFormat, OtherPin(host), Zone), control)));

            // Not what it says, and not a try either.
            for (var attempt = 0; attempt < 4; attempt++)
                Assert.Equal("55", await AskAsync(host, Cash(block, word == "03" ? "2001010100000000" : "2001030100000000")));
            Assert.Equal("00", await AskAsync(host, Cash(block, control)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Where_DE_53_does_not_say_the_endpoint_does(int format)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, configure: endpoint => endpoint.PinFormat = format);
        var block = Card.PinBlock(format, host.Card.Pin, Zone);

        // Absent, without a known format, and not what it should look like.
        foreach (var control in new[] { null, "2001000100000000", "2001990100000000", "2001130100000000" })
            Assert.Equal((control, "00"), (control, await AskAsync(host, Cash(block, control))));
        Assert.Equal("55", await AskAsync(host, Cash(Card.PinBlock(format, OtherPin(host), Zone), control: null)));
        foreach (var other in new[] { 0, 1, 3 }.Where(other => other != format))
            Assert.Equal((other, "55"), (other, await AskAsync(host, Cash(Card.PinBlock(other, host.Card.Pin, Zone), control: null))));
    }

    [Theory]
    [InlineData(4, null)]
    [InlineData(0, "2001040100000000")]
    public async Task A_block_of_format_4_is_opened_where_the_dialect_has_room_for_it(int endpointFormat, string? control)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        var key = SHA256.HashData(Encoding.ASCII.GetBytes(AesZoneKey))[..16];
        await AddAesAsync(hsm, key);
        await using var host = await CredentialHost.StartAsync(
            hsm, "iso87-binary-pin16", configure: endpoint => (endpoint.PinFormat, endpoint.PinKey) = (endpointFormat, AesZoneKey));

        Assert.Equal("00", await AskAsync(host, Cash(Card.PinBlock4(host.Card.Pin, key), control)));
        Assert.Equal("55", await AskAsync(host, Cash(Card.PinBlock4(OtherPin(host), key), control)));
        Assert.Equal("55", await AskAsync(host, Cash(new FrameworkCard("4761739001010028").PinBlock4(host.Card.Pin, key), control)));
    }

    private static string TrackFor(string pin) => Card.Track2WithPvv(PvvKeyIndex, PvvOf(pin));

    private static string PvvOf(string pin) => Card.Pvv(FrameworkKey.Named(PvvKey), PvvKeyIndex, pin);

    private static string OtherPin(CredentialHost host) => host.Card.Pin == "1234" ? "4321" : "1234";

    private static async Task<SoftwareHsm> OpenPvvModuleAsync()
    {
        var hsm = await CredentialHost.OpenModuleAsync();
        await FrameworkKey.Named(PvvKey).AddToAsync(hsm, PvvKey, KeyUsage.PinVerificationVisa);
        return hsm;
    }

    private static async Task AddAesAsync(SoftwareHsm hsm, byte[] key)
    {
        var mask = key.Select(item => (byte)(item * 7)).ToArray();
        var rest = key.Zip(mask, (left, right) => (byte)(left ^ right)).ToArray();
        var template = new KeyTemplate(AesZoneKey, KeyUsage.PinEncryption, KeyAlgorithm.Aes, KeyMode.Both);
        var taken = await hsm.Keys.ImportComponentsAsync(template, [new(mask, CheckValue(mask)), new(rest, CheckValue(rest))], CheckValue(key), CancellationToken.None);
        Assert.Equal(HsmStatus.Ok, taken.Status);
        await hsm.Keys.ActivateKeyAsync(taken.Key!.Key, CancellationToken.None);
    }

    // The CMAC of a block of zeros: what the key makes of zeros, doubled in GF(2^128), encrypted.
    private static string CheckValue(byte[] key)
    {
        using var cipher = Aes.Create();
        cipher.Key = key;
#pragma warning disable CA5358 // A check value is one block.
        var number = new UInt128(0, 0);
        foreach (var item in cipher.EncryptEcb(new byte[16], PaddingMode.None))
            number = (number << 8) | item;
        var doubled = (number << 1) ^ (number >> 127 == 0 ? 0u : 0x87u);
        return Convert.ToHexString(cipher.EncryptEcb(Convert.FromHexString(doubled.ToString("X32", CultureInfo.InvariantCulture)), PaddingMode.None))[..10];
#pragma warning restore CA5358
    }

    private static async Task<string?> AskAsync(CredentialHost host, Iso8583Message message) => (await host.Peer.AskAsync(message))[39];

    private Iso8583Message Swiped(string track, string pin)
    {
        var message = Cash(Card.PinBlock(0, pin, Zone), control: null);
        message[2] = message[14] = null;
        message[22] = "901";
        message[35] = track;
        return message;
    }

    private Iso8583Message Cash(byte[] block, string? control)
    {
        var message = Messages.Purchase(stan: (++stan).ToString("D6", CultureInfo.InvariantCulture));
        message[3] = "010000";
        message[52] = Convert.ToHexString(block);
        message[53] = control;
        return message;
    }
}
