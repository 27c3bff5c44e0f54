using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>The network changes the key of authentication codes by 0800 while messages are in flight.</summary>
public sealed class MacKeyTests
{
    private const string OldStyleMaster = "zmk-des";

    private static readonly byte[] OldStyleMasterKey = Convert.FromHexString("0123456789ABCDEFFEDCBA9876543210");

    private int stan;

    [Fact]
    public async Task A_new_key_makes_codes_at_once_and_the_one_before_still_checks_what_is_in_flight()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        using var network = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, configure: endpoint => endpoint.MacKey = DemoKeys.ZoneMacs);
        var first = new LinkCodes(network, host.Peer.Dialect);
        var (second, secondKey) = await MakeAsync(network, host, "second");
        var (third, thirdKey) = await MakeAsync(network, host, "third");

        // The change itself is answered under the new key, whether or not it came with a code.
        Assert.Equal("00", await AskAsync(host, await first.SealAsync(Change(secondKey)), second));
        Assert.Equal("00", await AskAsync(host, await second.SealAsync(Purchase()), second));
        Assert.Equal("00", await AskAsync(host, await first.SealAsync(Purchase()), second));
        Assert.Equal("00", await AskAsync(host, Change(secondKey).ToBytes(host.Peer.Dialect), second));
        Assert.Equal("00", await AskAsync(host, await first.SealAsync(Purchase()), second));

        Assert.Equal("00", await AskAsync(host, Change(thirdKey).ToBytes(host.Peer.Dialect), third));
        Assert.Equal("00", await AskAsync(host, await second.SealAsync(Purchase()), third));
        Assert.Equal("63", await AskAsync(host, await first.SealAsync(Purchase()), third));
        Assert.Equal("63", await AskAsync(host, await first.SealAsync(Change(secondKey)), third));
    }

    [Theory]
    [InlineData(48)]
    [InlineData(96)]
    public async Task An_encrypted_key_is_for_codes_where_DE53_says_so(int element)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        using var network = await CredentialHost.OpenModuleAsync();
        await AddAsync(hsm, OldStyleMaster, OldStyleMasterKey, KeyUsage.KeyEncryption, KeyMode.Both);
        await using var host = await CredentialHost.StartAsync(
            hsm, "iso87-binary", configure: endpoint => (endpoint.MacKey, endpoint.ZoneMasterKey) = (DemoKeys.ZoneMacs, OldStyleMaster));
        byte[] key = Convert.FromHexString("8C46A2318F5BD9E0C7194A2A6D38E5F1");
        var check = await AddAsync(network, "coming", key, KeyUsage.Iso9797Mac3, KeyMode.GenerateAndVerify);
        var cipher = Encrypt(OldStyleMasterKey, key);
        var change = Messages.NetworkManagement("161", Next());
        change[48] = element == 48 ? check + Convert.ToHexString(cipher) : check;
        change[53] = "0100000000000000";
        change[96] = element == 96 ? Convert.ToHexString(cipher) : null;
        var codes = new LinkCodes(network, host.Peer.Dialect) { Key = "coming" };

        Assert.Equal("00", await AskAsync(host, change.ToBytes(host.Peer.Dialect), codes));
        Assert.Equal("00", await AskAsync(host, await codes.SealAsync(Purchase()), codes));
    }

    [Fact]
    public async Task A_key_that_cannot_make_codes_or_is_for_something_else_is_refused_and_changes_nothing()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        using var network = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, configure: endpoint => endpoint.MacKey = DemoKeys.ZoneMacs);
        var codes = new LinkCodes(network, host.Peer.Dialect);
        var (_, checksOnly) = await MakeAsync(network, host, "checks", KeyUsage.Iso9797Mac3, KeyMode.VerifyOnly);
        var (_, otherAlgorithm) = await MakeAsync(network, host, "other", KeyUsage.Iso9797Mac1);
        var (_, right) = await MakeAsync(network, host, "right");
        var contradicted = Change(right);
        contradicted[53] = "0000000000000000";

        Assert.Equal("30", await AskAsync(host, Change(checksOnly).ToBytes(host.Peer.Dialect), codes));
        Assert.Equal("30", await AskAsync(host, Change(otherAlgorithm).ToBytes(host.Peer.Dialect), codes));
        Assert.Equal("30", await AskAsync(host, contradicted.ToBytes(host.Peer.Dialect), codes));
        Assert.Equal("00", await AskAsync(host, await codes.SealAsync(Purchase()), codes));
    }

    [Fact]
    public async Task A_key_for_codes_is_not_taken_where_the_link_has_none()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        using var network = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var (_, key) = await MakeAsync(network, host, "coming");

        Assert.Equal("12", (await host.Peer.AskAsync(Change(key)))[39]);
    }

    /// <summary>The network makes a key, and what it sends of it.</summary>
    private static async Task<(LinkCodes Codes, string Key)> MakeAsync(
        SoftwareHsm network, CredentialHost host, string id, KeyUsage usage = KeyUsage.Iso9797Mac3, KeyMode mode = KeyMode.GenerateAndVerify)
    {
        var made = (await network.Keys.GenerateKeyAsync(new(id, usage, KeyAlgorithm.TripleDes, mode, KeyExportability.Exportable), CancellationToken.None)).Key!;
        await network.Keys.ActivateKeyAsync(made.Key, CancellationToken.None);
        var export = await network.Keys.ExportKeyAsync(made.Key, new(DemoKeys.ZoneMaster), CancellationToken.None);
        Assert.Equal(HsmStatus.Ok, export.Status);
        return (new LinkCodes(network, host.Peer.Dialect) { Key = id }, made.CheckValue + Encoding.ASCII.GetString(export.Block.Span));
    }

    private static async Task<string> AddAsync(SoftwareHsm hsm, string id, byte[] key, KeyUsage usage, KeyMode mode)
    {
        byte[] mask = Convert.FromHexString("3B5D7F91A3C5E7F90B2D4F6183A5C7E9");
        byte[] rest = [.. key.Zip(mask, (one, other) => (byte)(one ^ other))];
        KeyComponent[] components = [new(mask, Check(mask)), new(rest, Check(rest))];
        var taken = await hsm.Keys.ImportComponentsAsync(new(id, usage, KeyAlgorithm.TripleDes, mode), components, Check(key), CancellationToken.None);
        Assert.Equal(HsmStatus.Ok, taken.Status);
        await hsm.Keys.ActivateKeyAsync(taken.Key!.Key, CancellationToken.None);
        return taken.Key.CheckValue;
    }

    // The first three bytes of zeros encrypted.
    private static string Check(byte[] key) => Convert.ToHexString(Encrypt(key, new byte[8]))[..6];

    private static byte[] Encrypt(byte[] key, byte[] data)
    {
#pragma warning disable CA5350, CA5351 // The cipher of such networks.
        using var cipher = TripleDES.Create();
        cipher.Key = [.. key, .. key[..8]];
        return cipher.EncryptEcb(data, PaddingMode.None);
#pragma warning restore CA5350, CA5351
    }

    private static async Task<string?> AskAsync(CredentialHost host, byte[] message, LinkCodes answered)
    {
        await host.Peer.SendAsync(host.Peer.Frame(message));
        var frame = await host.Peer.ReceiveFrameOrEndAsync() ?? throw new EndOfStreamException("The connection was closed.");
        Assert.Equal(HsmStatus.Ok, await answered.CheckAsync(frame));
        return Iso8583Message.Parse(host.Peer.Dialect, frame)[39];
    }

    private Iso8583Message Change(string key)
    {
        var message = Messages.NetworkManagement("101", Next());
        message[48] = key;
        return message;
    }

    private Iso8583Message Purchase() => Messages.Purchase(stan: Next());

    private string Next() => (++stan).ToString("D6", CultureInfo.InvariantCulture);
}
