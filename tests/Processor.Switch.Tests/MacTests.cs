using System.Diagnostics.Metrics;
using System.Globalization;
using Processor.Authorization;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>Authentication codes in DE 64 and DE 128: what is not the network's moves no money, and what leaves has a code of its own.</summary>
public sealed class MacTests
{
    private int stan;

    [Theory]
    [InlineData("iso87-ascii", "63")]
    [InlineData("iso87-binary", "63")]
    [InlineData("iso87-ebcdic", "63")]
    [InlineData("visa-like", "63")]
    [InlineData("mastercard-like", "88")]
    public async Task In_every_dialect_a_right_code_is_answered_with_one_and_a_wrong_code_is_refused_with_one(string dialect, string refused)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(
            hsm, dialect, configure: endpoint => (endpoint.MacKey, endpoint.ResponseCodes) = (DemoKeys.ZoneMacs, refused == "88" ? "mastercard-like" : "default"));
        var codes = new LinkCodes(hsm, host.Peer.Dialect);
        var purchase = Purchase();
        var right = await codes.SealAsync(purchase);
        var reversal = await codes.SealAsync(ReversalOf(purchase));

        var wrong = right.ToArray();
        wrong[^1] ^= 1;

        Assert.Equal(refused, (await AskAsync(host, codes, wrong))[39]);
        var approved = await AskAsync(host, codes, right);
        var reversed = await AskAsync(host, codes, reversal);

        Assert.Equal(("00", true, false), (approved[39], approved.Has(64), approved.Has(128)));
        Assert.Equal(("00", false, true), (reversed[39], reversed.Has(64), reversed.Has(128)));
    }

    [Theory]
    [InlineData("iso9797-1-alg1", 1, 0)]
    [InlineData("iso9797-1-alg1", 2, 4)]
    [InlineData("iso9797-1-alg3", 1, 4)]
    [InlineData("iso9797-1-alg3", 3, 8)]
    [InlineData("cmac", 1, 8)]
    [InlineData("cmac-tdes", 1, 8)]
    [InlineData("hmac-sha256", 1, 8)]
    public async Task Every_algorithm_padding_and_length_works_with_its_own_key_alone(string algorithm, int padding, int length)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        using var other = await CredentialHost.OpenModuleAsync();
        var key = await AddKeyAsync(hsm, algorithm);
        await AddKeyAsync(other, algorithm);
        await using var host = await CredentialHost.StartAsync(
            hsm, "iso87-binary",
            configure: endpoint => (endpoint.MacKey, endpoint.MacAlgorithm, endpoint.MacPadding, endpoint.MacLength) = (key, algorithm.Replace("-tdes", "", StringComparison.Ordinal), padding, length));
        var codes = CodesOf(hsm, host.Peer.Dialect, algorithm, key, padding, length);
        var foreign = CodesOf(other, host.Peer.Dialect, algorithm, key, padding, length);

        Assert.Equal("00", (await AskAsync(host, codes, await codes.SealAsync(Purchase())))[39]);
        Assert.Equal("63", (await AskAsync(host, codes, await foreign.SealAsync(Purchase())))[39]);
    }

    [Fact]
    public async Task A_message_changed_in_any_byte_moves_no_money()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, "iso87-binary", posted: 10_50, configure: endpoint => endpoint.MacKey = DemoKeys.ZoneMacs);
        var codes = new LinkCodes(hsm, host.Peer.Dialect);
        var right = await codes.SealAsync(Purchase());

        for (var index = 0; index < right.Length; index++)
        {
            var changed = right.ToArray();
            changed[index] ^= (byte)(1 << (index % 8));
            Assert.DoesNotContain("00", await CodesUntilEchoAsync(host, codes, changed));
        }

        // All of the money is still there.
        Assert.Equal("00", (await AskAsync(host, codes, right))[39]);
    }

    [Fact]
    public async Task Whatever_comes_needs_its_code_but_for_the_change_of_a_key()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, configure: endpoint => endpoint.MacKey = DemoKeys.ZoneMacs);
        var codes = new LinkCodes(hsm, host.Peer.Dialect);
        var keyChange = Messages.NetworkManagement("101", Next());
        keyChange[48] = "nonsense";

        foreach (var mti in new[] { "0100", "0120", "0200", "0220", "0400", "0420" })
            Assert.Equal("63", (await AskAsync(host, codes, Messages.Purchase(mti, Next()).ToBytes(host.Peer.Dialect)))[39]);
        Assert.Equal("63", (await AskAsync(host, codes, Messages.Echo(Next()).ToBytes(host.Peer.Dialect)))[39]);
        Assert.Equal("30", (await AskAsync(host, codes, keyChange.ToBytes(host.Peer.Dialect)))[39]);
        Assert.Equal("00", (await AskAsync(host, codes, await codes.SealAsync(Messages.Echo(Next()))))[39]);
        Assert.Equal("30", (await AskAsync(host, codes, "0100"u8.ToArray()))[39]);
    }

    [Fact]
    public async Task A_code_with_elements_behind_it_covers_them_not_and_is_wrong()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, configure: endpoint => (endpoint.MacKey, endpoint.MacCheck) = (DemoKeys.ZoneMacs, "present"));
        var codes = new LinkCodes(hsm, host.Peer.Dialect);
        var sealed64 = Iso8583Message.Parse(host.Peer.Dialect, await codes.SealAsync(Purchase()));
        sealed64[102] = "1";

        Assert.Equal("63", (await AskAsync(host, codes, sealed64.ToBytes(host.Peer.Dialect)))[39]);
    }

    [Theory]
    [InlineData("required", "63", "63")]
    [InlineData("present", "00", "63")]
    [InlineData("ignored", "00", "00")]
    public async Task An_endpoint_says_what_becomes_of_codes_that_are_missing_or_wrong(string check, string missing, string wrong)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, configure: endpoint => (endpoint.MacKey, endpoint.MacCheck) = (DemoKeys.ZoneMacs, check));
        var codes = new LinkCodes(hsm, host.Peer.Dialect);
        var damaged = await codes.SealAsync(Purchase());
        damaged[^1] = (byte)(damaged[^1] == '0' ? '1' : '0');

        Assert.Equal(missing, (await AskAsync(host, codes, Purchase().ToBytes(host.Peer.Dialect)))[39]);
        Assert.Equal(wrong, (await AskAsync(host, codes, damaged))[39]);
        Assert.Equal("00", (await AskAsync(host, codes, await codes.SealAsync(Purchase())))[39]);
    }

    [Theory]
    [InlineData("mti")]
    [InlineData("header")]
    public async Task The_cover_begins_where_the_endpoint_says(string from)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, "visa-like", configure: endpoint => (endpoint.MacKey, endpoint.MacFrom) = (DemoKeys.ZoneMacs, from));
        var codes = new LinkCodes(hsm, host.Peer.Dialect) { CoversHeader = from == "header" };
        var others = new LinkCodes(hsm, host.Peer.Dialect) { CoversHeader = from != "header" };

        Assert.Equal("00", (await AskAsync(host, codes, await codes.SealAsync(Purchase())))[39]);
        Assert.Equal("63", (await AskAsync(host, codes, await others.SealAsync(Purchase())))[39]);
    }

    [Fact]
    public async Task Codes_are_counted_by_what_became_of_them()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, configure: endpoint => endpoint.MacKey = DemoKeys.ZoneMacs);
        var codes = new LinkCodes(hsm, host.Peer.Dialect);
        var seen = new Dictionary<string, long>();
        using var listener = Listen(host.Metrics, seen);
        var wrong = await codes.SealAsync(Purchase());
        wrong[^1] = (byte)(wrong[^1] == '0' ? '1' : '0');

        await AskAsync(host, codes, await codes.SealAsync(Purchase()));
        await AskAsync(host, codes, wrong);
        await AskAsync(host, codes, Purchase().ToBytes(host.Peer.Dialect));

        Assert.Equal([("missing", 1), ("right", 1), ("wrong", 1)], seen.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
    }

    [Theory]
    [InlineData(HsmStatus.Unavailable)]
    [InlineData(HsmStatus.Timeout)]
    [InlineData(HsmStatus.KeyNotFound)]
    [InlineData(HsmStatus.DeviceFault)]
    [InlineData(HsmStatus.PolicyDenied)]
    public async Task A_module_that_does_not_say_lets_nothing_be_approved(HsmStatus failure)
    {
        using var near = await CredentialHost.OpenModuleAsync();
        var hsm = new DistantHsm(near) { Failure = failure };
        await using var host = await CredentialHost.StartAsync(hsm, posted: 10_50, configure: endpoint => endpoint.MacKey = DemoKeys.ZoneMacs);
        var codes = new LinkCodes(near, host.Peer.Dialect);
        var purchase = await codes.SealAsync(Purchase());

        Assert.Equal("91", (await AskAsync(host, codes, purchase))[39]);

        // An advice hears nothing, so that it comes again.
        await host.Peer.SendAsync(host.Peer.Frame(await codes.SealAsync(Messages.Purchase("0120", Next()))));
        await hsm.UntilAskedAsync(2);
        hsm.Failure = HsmStatus.None;
        Assert.Equal("00", (await AskAsync(host, codes, purchase))[39]);
    }

    [Fact]
    public async Task An_answer_that_gets_no_code_is_not_sent()
    {
        using var near = await CredentialHost.OpenModuleAsync();
        var hsm = new DistantHsm(near) { MakingFailure = HsmStatus.Unavailable };
        await using var host = await CredentialHost.StartAsync(hsm, configure: endpoint => endpoint.MacKey = DemoKeys.ZoneMacs);
        var codes = new LinkCodes(near, host.Peer.Dialect);
        var unsent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = Listen(host.Metrics, [], result => _ = result == "unsent" && unsent.TrySetResult());
        var purchase = await codes.SealAsync(Purchase());

        await host.Peer.SendAsync(host.Peer.Frame(purchase));
        await unsent.Task.WaitAsync(Peer.Patience);
        hsm.MakingFailure = HsmStatus.None;

        // What was decided is kept: the repeat hears it, and it is the first thing that comes.
        Assert.Equal("00", (await AskAsync(host, codes, purchase))[39]);
    }

    [Fact]
    public async Task What_the_deadline_answers_and_the_sign_off_have_codes_too()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        using var under = new SwitchUnderTest(endpoint => endpoint.MacKey = DemoKeys.ZoneMacs, codes: new MessageCodes(hsm));
        var codes = new LinkCodes(hsm, under.Endpoint.Dialect);
        using var line = under.Open();
        await line.Peer.SendAsync(line.Peer.Frame(await codes.SealAsync(Messages.NetworkManagement("001", Next()))));
        await ReceiveAsync(line.Peer, codes);

        under.Ledger.IsHolding = true;
        await line.Peer.SendAsync(line.Peer.Frame(await codes.SealAsync(Purchase())));
        await line.Peer.SendAsync(line.Peer.Frame(await codes.SealAsync(Messages.Purchase("0120", Next()))));
        var late = await under.Ledger.TakeAsync();
        var advice = await under.Ledger.TakeAsync();
        under.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("91", (await ReceiveAsync(line.Peer, codes))[39]);
        under.Ledger.Complete(late);
        under.Ledger.Complete(advice);
        Assert.Equal("0130", (await ReceiveAsync(line.Peer, codes)).Mti.ToString());

        line.RequestClose();
        Assert.Equal("0800", (await ReceiveAsync(line.Peer, codes)).Mti.ToString());
    }

    /// <summary>Adds a random key for an algorithm to a module.</summary>
    internal static async Task<string> AddKeyAsync(SoftwareHsm hsm, string algorithm)
    {
        var (usage, kind) = algorithm switch
        {
            "iso9797-1-alg1" => (KeyUsage.Iso9797Mac1, KeyAlgorithm.TripleDes),
            "iso9797-1-alg3" => (KeyUsage.Iso9797Mac3, KeyAlgorithm.TripleDes),
            "cmac-tdes" => (KeyUsage.Cmac, KeyAlgorithm.TripleDes),
            "cmac" => (KeyUsage.Cmac, KeyAlgorithm.Aes),
            _ => (KeyUsage.Hmac, KeyAlgorithm.Hmac),
        };
        var made = await hsm.Keys.GenerateKeyAsync(new("zak-" + algorithm, usage, kind, KeyMode.GenerateAndVerify), CancellationToken.None);
        Assert.Equal(HsmStatus.Ok, (await hsm.Keys.ActivateKeyAsync(made.Key!.Key, CancellationToken.None)).Status);
        return made.Key.Key.Id;
    }

    /// <summary>The network's side of an algorithm.</summary>
    internal static LinkCodes CodesOf(IHsm hsm, Dialect dialect, string algorithm, string key, int padding = 1, int length = 0) => new(hsm, dialect)
    {
        Key = key,
        Algorithm = algorithm switch
        {
            "iso9797-1-alg1" => MacAlgorithm.Iso9797Alg1,
            "iso9797-1-alg3" => MacAlgorithm.Iso9797Alg3,
            "hmac-sha256" => MacAlgorithm.HmacSha256,
            _ => MacAlgorithm.Cmac,
        },
        Padding = (MacPadding)padding,
        Length = length == 0 ? dialect.MacLength : length,
    };

    private static MeterListener Listen(SwitchMetrics metrics, Dictionary<string, long> seen, Action<string>? heard = null)
    {
        var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var result = (string)tags[0].Value!;
            seen[result] = seen.GetValueOrDefault(result) + value;
            heard?.Invoke(result);
        });
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (metrics.Owns(instrument.Meter) && instrument.Name == "processor.switch.macs")
                own.EnableMeasurementEvents(instrument);
        };
        listener.Start();
        return listener;
    }

    private static Iso8583Message ReversalOf(Iso8583Message purchase)
    {
        var reversal = Messages.Purchase("0400", purchase[11]!);
        reversal[64] = null;
        return reversal;
    }

    /// <summary>Sends, and waits for the answer, whose code must be right.</summary>
    private static async Task<Iso8583Message> AskAsync(CredentialHost host, LinkCodes codes, byte[] message)
    {
        await host.Peer.SendAsync(host.Peer.Frame(message));
        return await ReceiveAsync(host.Peer, codes);
    }

    private static async Task<Iso8583Message> ReceiveAsync(Peer peer, LinkCodes codes)
    {
        var frame = await peer.ReceiveFrameOrEndAsync() ?? throw new EndOfStreamException("The connection was closed.");
        Assert.Equal(HsmStatus.Ok, await codes.CheckAsync(frame));
        return Iso8583Message.Parse(peer.Dialect, frame);
    }

    /// <summary>The codes of whatever is answered to a message that may not even be one.</summary>
    private async Task<List<string?>> CodesUntilEchoAsync(CredentialHost host, LinkCodes codes, byte[] message)
    {
        var echo = Messages.Echo(Next());
        await host.Peer.SendAsync(host.Peer.Frame(message));
        await host.Peer.SendAsync(host.Peer.Frame(await codes.SealAsync(echo)));
        var heard = new List<string?>();
        while (true)
        {
            var answer = await ReceiveAsync(host.Peer, codes);
            if (answer[70] == "301" && answer[11] == echo[11])
                return heard;
            heard.Add(answer[39]);
        }
    }

    private Iso8583Message Purchase() => Messages.Purchase(stan: Next());

    private string Next() => (++stan).ToString("D6", CultureInfo.InvariantCulture);
}
