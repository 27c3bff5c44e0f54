using System.Globalization;
using System.Text;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>The network changes the key of its PIN blocks by 0800 while messages are in flight, over a real socket.</summary>
public sealed class ZoneKeyTests
{
    private const string Coming = "coming";

    private int stan;

    [Fact]
    public async Task A_new_key_is_used_at_once_and_the_one_before_still_opens_what_is_in_flight()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        using var network = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var first = host.Card.PinBlock(host.Card.Pin);

        var (second, secondKey) = await MakeAsync(network, host.Card.PinBlock(host.Card.Pin));
        Assert.Equal("00", await ChangeAsync(host, secondKey));
        Assert.Equal("00", await AskAsync(host, second));
        Assert.Equal("00", await AskAsync(host, first));

        // Sent again, as after a lost answer: nothing changes, so the first is still the one before.
        Assert.Equal("00", await ChangeAsync(host, secondKey));
        Assert.Equal("00", await AskAsync(host, first));

        var (third, thirdKey) = await MakeAsync(network, host.Card.PinBlock(host.Card.Pin));
        Assert.Equal("00", await ChangeAsync(host, thirdKey));
        Assert.Equal("00", await AskAsync(host, third));
        Assert.Equal("00", await AskAsync(host, second));
        Assert.Equal("55", await AskAsync(host, first));
    }

    [Fact]
    public async Task A_key_that_cannot_be_used_is_refused_and_changes_nothing()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        using var network = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var first = host.Card.PinBlock(host.Card.Pin);
        var (_, key) = await MakeAsync(network, first);
        var wrongCheck = (key[0] == '0' ? "1" : "0") + key[1..];
        var damaged = key[..^1] + (key[^1] == '0' ? "1" : "0");
        var foreign = await MakeAsync(network, first, KeyUsage.DataEncryption);

        foreach (var wrong in new[] { wrongCheck, damaged, key[..20], key[..6], "nonsense", foreign.Key })
            Assert.Equal("30", await ChangeAsync(host, wrong));

        Assert.Equal("30", (await host.Peer.AskAsync(Messages.NetworkManagement("101", Next())))[39]);
        Assert.Equal("00", await AskAsync(host, first));
    }

    [Fact]
    public async Task Where_no_zone_master_key_is_named_a_key_is_not_taken()
    {
        using var under = new SwitchUnderTest();
        var message = Messages.NetworkManagement("101");
        message[48] = "123456";

        Assert.Equal("12", (await under.Open().Peer.AskAsync(message))[39]);
    }

    [Fact]
    public async Task A_module_that_fails_at_a_key_is_our_error_and_nothing_of_the_message_stays()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        using var network = await CredentialHost.OpenModuleAsync();
        var custody = new FailingCustody(hsm.Keys);
        await using var host = await CredentialHost.StartAsync(hsm, custody: custody);
        var first = host.Card.PinBlock(host.Card.Pin);
        var (_, key) = await MakeAsync(network, first);

        Assert.Equal("96", await ChangeAsync(host, key));

        // The module was given the place of the block in the buffer that the message was read into.
        Assert.Equal(new string('\0', key.Length - 6), Encoding.ASCII.GetString(custody.Block.Span));
        Assert.Equal("00", await AskAsync(host, first));
    }

    /// <summary>The network makes a key, and a PIN block under it.</summary>
    private static async Task<(byte[] Block, string Key)> MakeAsync(SoftwareHsm network, byte[] pin, KeyUsage usage = KeyUsage.PinEncryption)
    {
        var template = new KeyTemplate(Coming, usage, KeyAlgorithm.TripleDes, KeyMode.Both, KeyExportability.Exportable);
        var made = (await network.Keys.GenerateKeyAsync(template, CancellationToken.None)).Key!;
        await network.Keys.ActivateKeyAsync(made.Key, CancellationToken.None);
        var export = await network.Keys.ExportKeyAsync(made.Key, new(DemoKeys.ZoneMaster), CancellationToken.None);
        var bytes = new byte[8];
        if (usage == KeyUsage.PinEncryption)
        {
            Assert.True(PinBlock.TryFrom(pin, out var block));
            Assert.True(SwitchUnderTest.PanOf(Messages.Pan) is var pan);
            var input = new PinInput { Key = new(DemoKeys.ZonePins), Format = PinBlockFormat.Iso0, Block = block, Pan = pan };
            var translated = await network.TranslatePinAsync(input, new(Coming), PinBlockFormat.Iso0, CancellationToken.None);
            Assert.Equal(HsmStatus.Ok, translated.Status);
            translated.Block.CopyTo(bytes);
        }

        return (bytes, made.CheckValue + Encoding.ASCII.GetString(export.Block.Span));
    }

    private async Task<string?> ChangeAsync(CredentialHost host, string key)
    {
        var message = Messages.NetworkManagement("101", Next());
        message[48] = key;
        return (await host.Peer.AskAsync(message))[39];
    }

    private async Task<string?> AskAsync(CredentialHost host, byte[] block)
    {
        var message = Messages.Purchase(stan: Next());
        message[52] = Convert.ToHexString(block);
        return (await host.Peer.AskAsync(message))[39];
    }

    private string Next() => (++stan).ToString("D6", CultureInfo.InvariantCulture);
}
