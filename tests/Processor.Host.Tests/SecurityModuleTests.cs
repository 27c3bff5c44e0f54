using System.Globalization;
using System.Net;
using Processor.Authorization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Records;
using Processor.Security;
using Processor.Security.Tests;
using Processor.Testing;
using Xunit;

namespace Processor.Host.Tests;

/// <summary>A host and its security module: a device, or the software module with a file that two hosts share.</summary>
public sealed class SecurityModuleTests(PostgresFixture postgres, RedisFixture redis) : HostTest(postgres, redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly DemoCard Card = new(DemoCards.Unlimited);

    [Fact]
    public async Task A_host_with_a_device_answers_by_it_and_is_not_ready_without_it()
    {
        await using var device = new PayShieldEmulator();
        await using var host = await StartAsync(
            ("Processor:SecurityModule:Kind", "payshield"),
            ("Processor:SecurityModule:PayShield:Host", "127.0.0.1"),
            ("Processor:SecurityModule:PayShield:Port", device.Port.ToString(CultureInfo.InvariantCulture)),
            ("Processor:SecurityModule:PayShield:TimeoutMilliseconds", "200"),
            ("Processor:SecurityModule:PayShield:FailuresToOpen", "1"),
            ("Processor:SecurityModule:PayShield:Keys:cvk", EmulatorKeys.Token(Convert.ToHexString(DemoKeys.Clear(DemoKeys.CardValues)))));
        await CheckWithAsync(host, new CredentialProfile { TrackKey = "cvk" });
        await using var line = await host.ConnectAsync();

        await UntilReadyIsAsync(host, HttpStatusCode.OK, "ready");
        var right = await line.AskAsync(Swiped(Card.Track2));
        var asked = device.Received;
        var wrong = await line.AskAsync(Swiped(Card.ChipTrack2));

        Assert.Equal("00", right[39]);
        Assert.NotEqual("00", wrong[39]);
        Assert.True(asked > 0 && device.Received > asked, "The device was not asked.");

        // A name that the settings do not have is as good as no key.
        await CheckWithAsync(host, new CredentialProfile { TrackKey = "cvk", ValueKey = "other" });
        await UntilReadyIsAsync(host, HttpStatusCode.ServiceUnavailable, "The security module has no active key other.");
        await CheckWithAsync(host, new CredentialProfile { TrackKey = "cvk" });
        device.Handle = _ => Task.CompletedTask;

        await UntilReadyIsAsync(host, HttpStatusCode.ServiceUnavailable, "The security module cannot be asked (Unavailable).");
        Assert.Equal("91", (await line.AskAsync(Swiped(Card.Track2)))[39]);

        // Who needs no module is ready without it, and who needs it is when it answers again.
        await CheckWithAsync(host, credentials: null);
        await UntilReadyIsAsync(host, HttpStatusCode.OK, "ready");
        await CheckWithAsync(host, new CredentialProfile { TrackKey = "cvk" });
        device.Handle = null;
        await UntilReadyIsAsync(host, HttpStatusCode.OK, "ready");
        Assert.Equal("00", (await line.AskAsync(Swiped(Card.Track2)))[39]);
    }

    [Fact]
    public async Task A_host_whose_software_module_lacks_a_key_says_which()
    {
        await using var host = await StartAsync();
        await CheckWithAsync(host, new CredentialProfile { TrackKey = DemoKeys.CardValues, CryptogramKeys = new Dictionary<byte, string> { [3] = "imk-3" } });

        await UntilReadyIsAsync(host, HttpStatusCode.ServiceUnavailable, "The security module has no active key imk-3.");
        var keys = host.Get<SecurityModule>().Keys!;
        var made = await keys.GenerateKeyAsync(new("imk-3", KeyUsage.EmvCryptogram, KeyAlgorithm.TripleDes, KeyMode.DeriveOnly), default);
        await UntilReadyIsAsync(host, HttpStatusCode.ServiceUnavailable, "The security module has no active key imk-3.");
        await keys.ActivateKeyAsync(made.Key!.Key, default);

        await UntilReadyIsAsync(host, HttpStatusCode.OK, "ready");
    }

    [Fact]
    public async Task A_host_that_waits_for_a_links_key_is_ready_and_says_so()
    {
        await using var host = await StartAsync(
            ("Processor:Endpoints:0:PinKey", DemoKeys.ZonePins), ("Processor:Endpoints:0:MacKey", "zak-new"), ("Processor:Endpoints:0:ZoneMasterKey", DemoKeys.ZoneMaster));

        await UntilReadyIsAsync(host, HttpStatusCode.OK, "ready. The network has not sent zak-new yet.");
        var keys = host.Get<SecurityModule>().Keys!;
        var made = await keys.GenerateKeyAsync(new("zak-new", KeyUsage.Iso9797Mac3, KeyAlgorithm.TripleDes, KeyMode.GenerateAndVerify), default);
        await UntilReadyIsAsync(host, HttpStatusCode.OK, "ready. The network has not sent zak-new yet.");
        await keys.ActivateKeyAsync(made.Key!.Key, default);
        await UntilReadyIsAsync(host, HttpStatusCode.OK, "ready");

        // Without the zone master key none can come.
        var zone = await keys.GetKeyAsync(new(DemoKeys.ZoneMaster), default);
        await keys.RetireKeyAsync(zone.Key!.Key, default);
        await UntilReadyIsAsync(host, HttpStatusCode.ServiceUnavailable, $"The security module has no active key {DemoKeys.ZoneMaster}.");
    }

    [Fact]
    public async Task A_device_takes_no_keys_from_the_network_so_the_links_must_be_there()
    {
        await using var device = new PayShieldEmulator();
        await using var host = await StartAsync(
            ("Processor:SecurityModule:Kind", "payshield"),
            ("Processor:SecurityModule:PayShield:Host", "127.0.0.1"),
            ("Processor:SecurityModule:PayShield:Port", device.Port.ToString(CultureInfo.InvariantCulture)),
            ("Processor:SecurityModule:PayShield:Keys:zmk", "K001"),
            ("Processor:SecurityModule:PayShield:Keys:zpk", "K002"),
            ("Processor:Endpoints:0:PinKey", "zpk"),
            ("Processor:Endpoints:0:MacKey", "zak"),
            ("Processor:Endpoints:0:ZoneMasterKey", "zmk"));

        await UntilReadyIsAsync(host, HttpStatusCode.ServiceUnavailable, "The security module has no active key zak.");
    }

    [Fact]
    public async Task A_zone_key_that_one_host_takes_opens_pins_at_the_other()
    {
        (string, string)[] shared =
        [
            ("Processor:SecurityModule:KeyFile", Path.Combine(Folder, "hsm-keys")),
            ("Processor:SecurityModule:Components:0", Path.Combine(Folder, "component-1")),
            ("Processor:SecurityModule:Components:1", Path.Combine(Folder, "component-2")),
            ("Processor:Endpoints:0:PinKey", DemoKeys.ZonePins),
            ("Processor:Endpoints:0:ZoneMasterKey", DemoKeys.ZoneMaster),
        ];

        // At once, so that both want to make the demo's master key and its keys.
        var hosts = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => StartAsync(shared))));
        await using var here = hosts[0];
        await using var there = hosts[1];
        await using var toHere = await here.ConnectAsync();
        await using var toThere = await there.ConnectAsync();
        Assert.Equal("00", (await toThere.AskAsync(WithPin(DemoKeys.Clear(DemoKeys.ZonePins))))[39]);

        // The network makes a key, and sends it to one of them.
        var custody = here.Get<SecurityModule>().Keys!;
        using var network = SoftwareHsm.InMemory(new());
        await DemoKeys.AddToAsync(network.Keys, default);
        var made = await network.Keys.GenerateKeyAsync(new("new", KeyUsage.PinEncryption, KeyAlgorithm.TripleDes, KeyMode.Both, KeyExportability.Exportable), default);
        var block = await network.Keys.ExportKeyAsync(made.Key!.Key, new(DemoKeys.ZoneMaster), default);
        var management = new Iso8583Message(Mti.Parse("0800"))
        {
            [7] = "0601120000",
            [11] = "000001",
            [48] = made.Key.CheckValue + System.Text.Encoding.ASCII.GetString(block.Block.Span),
            [70] = "161",
        };
        var taken = await toHere.AskAsync(management);
        var clear = OpenBlock(block.Block);
        var elsewhere = await toThere.AskAsync(WithPin(clear));
        var inFlight = await toThere.AskAsync(WithPin(DemoKeys.Clear(DemoKeys.ZonePins)));

        Assert.Equal(("00", "00", "00"), (taken[39], elsewhere[39], inFlight[39]));
        Assert.Equal(await custody.ListKeysAsync(default), await there.Get<SecurityModule>().Keys!.ListKeysAsync(default));
    }

    private static byte[] OpenBlock(ReadOnlyMemory<byte> block)
    {
        var key = new byte[64];
        Assert.Equal(KeyBlockFault.None, KeyBlock.Unwrap(DemoKeys.Clear(DemoKeys.ZoneMaster), block.Span, out _, key, out var length));
        return key[..length];
    }

    private static Iso8583Message WithPin(byte[] zoneKey)
    {
        var message = NetworkLine.Purchase(DemoCards.Unlimited, 1_00);
        message[52] = Convert.ToHexString(Card.PinBlock(Card.Pin, zoneKey));
        return message;
    }

    private static Iso8583Message Swiped(string track)
    {
        var message = NetworkLine.Purchase(DemoCards.Unlimited, 1_00);
        message[2] = null;
        message[14] = null;
        message[22] = "901";
        message[35] = track;
        return message;
    }

    private static async Task CheckWithAsync(RunningHost host, CredentialProfile? credentials)
    {
        var program = Assert.Single(await host.Get<ProgramQueries>().ListAsync(CancellationToken.None));
        await host.Get<ProgramQueries>().SetCredentialsAsync(program.Id, credentials, CancellationToken.None);
        await host.Get<ProgramRefresh>().RefreshAsync(CancellationToken.None);
    }

    private static async Task UntilReadyIsAsync(RunningHost host, HttpStatusCode status, string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            using var answer = await host.Http.GetAsync("/health/ready", patience.Token);
            var said = await answer.Content.ReadAsStringAsync(patience.Token);
            if (answer.StatusCode == status && said == text + "\n")
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }
}
