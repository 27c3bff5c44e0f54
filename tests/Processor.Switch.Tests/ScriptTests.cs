using System.Globalization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>Commands for the chip in tags 71 and 72 of the answer, over a real socket with the real decisions; the chip looks at their MACs.</summary>
public sealed class ScriptTests
{
    private const ushort CardOrdinal = 3;

    private int stan;
    private ushort counter;

    public static TheoryData<ScriptCommand, int, string, string> Commands() => new()
    {
        { ScriptCommand.ApplicationBlock, 0, "", "841E000008" },
        { ScriptCommand.ApplicationUnblock, 0, "", "8418000008" },
        { ScriptCommand.CardBlock, 0, "", "8416000008" },
        { ScriptCommand.PinUnblock, 0, "", "8424000008" },
        { ScriptCommand.PutData, 0x9F58, "05", "84DA9F580905" },
        { ScriptCommand.PutData, 0x9F58, "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "84DA9F5828000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_command_reaches_the_chip_with_a_right_MAC(ScriptCommand command, int dataObject, string data, string expected)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, "iso87-ascii");
        Order(host, 7, command, 0x71, (ushort)dataObject, data);

        var (request, answer) = await AskAsync(host);

        Assert.Equal("00", answer[39]);
        Assert.Equal(expected, Convert.ToHexString(CommandOf(host, request, answer)[..^8]));
        Assert.Contains("9F180400000007", answer[55], StringComparison.Ordinal);
        Assert.Equal("71", answer[55]![20..22]);
    }

    [Theory]
    [InlineData("00", 10_50)]
    [InlineData("51", 1_00)]
    public async Task A_command_is_sent_once_with_a_yes_or_a_no_and_again_with_a_repeat(string code, long posted)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm, posted: posted);
        Order(host, 1, ScriptCommand.ApplicationBlock);

        var (request, answer) = await AskAsync(host);
        var repeat = await host.Peer.AskAsync(request);
        request.Mti = Mti.Parse("0101");
        var marked = code == "00" ? await host.Peer.AskAsync(request) : repeat;
        var (next, other) = await AskAsync(host);

        Assert.Equal(code, answer[39]);
        Assert.NotEmpty(CommandOf(host, request, answer));
        Assert.Equal((code, answer[55]), (repeat[39], repeat[55]));
        Assert.Equal((code, answer[55]), (marked[39], marked[55]));
        Assert.Empty(CommandOf(host, next, other));

        // The order after it is another command, and one that is older comes too late.
        Order(host, 3, ScriptCommand.ApplicationUnblock);
        Assert.NotEmpty(await CommandOfNextAsync(host));
        Order(host, 2, ScriptCommand.CardBlock);
        Assert.Empty(await CommandOfNextAsync(host));
    }

    [Theory]
    [InlineData("0100", true, 0x20)]
    [InlineData("0120", true, 0x20)]
    [InlineData("0100", false, 0)]
    public async Task What_the_chip_tells_of_its_command_is_kept_beside_a_right_cryptogram(string mti, bool isRight, int expected)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        Order(host, 5, ScriptCommand.ApplicationBlock);
        await AskAsync(host);
        var next = Purchase(host);
        next.Mti = Mti.Parse(mti);
        if (mti == "0120")
            next[39] = "00";
        var icc = Convert.FromHexString(next[55]!);
        if (!isRight)
            icc[^1] ^= 1;

        // Results of two commands: of one that nobody here ordered, and of ours.
        next[55] = Convert.ToHexString(icc) + "9F5B0A" + "1000000009" + "2000000005";
        await host.Peer.AskAsync(next);

        // The other's number is above any that was sent, ours is the last that the chip tells of.
        var card = host.Ledger.CardOf(host.AccountId, CardOrdinal);
        Assert.Equal((isRight ? 5 : 0, expected), (card.ScriptResultNumber, card.ScriptResult));
    }

    [Theory]
    [InlineData("9F5B052000000009")]
    [InlineData("9F5B052000000000")]
    [InlineData("9F5B04200000")]
    [InlineData("9F5B00")]
    public async Task What_is_no_result_of_a_command_that_was_sent_is_passed_over(string told)
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        Order(host, 5, ScriptCommand.ApplicationBlock);
        await AskAsync(host);
        var next = Purchase(host);
        next[55] += told;

        await host.Peer.AskAsync(next);

        Assert.Equal(0, host.Ledger.CardOf(host.AccountId, CardOrdinal).ScriptResultNumber);
    }

    [Fact]
    public async Task A_card_that_is_refused_for_itself_hears_its_command_all_the_same()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        Order(host, 1, ScriptCommand.CardBlock);
        var refused = Purchase(host);
        refused[14] = "3011";

        var answer = await host.Peer.AskAsync(refused);

        Assert.Equal("54", answer[39]);
        Assert.NotEmpty(CommandOf(host, refused, answer));
        Assert.Empty(await CommandOfNextAsync(host));
    }

    [Fact]
    public async Task A_command_waits_for_a_right_cryptogram_that_is_new()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var (seen, _) = await AskAsync(host);
        Order(host, 1, ScriptCommand.PinUnblock);

        var wrong = Purchase(host);
        wrong[55] = wrong[55]![..^1] + (wrong[55]![^1] == '0' ? "1" : "0");
        var replayed = Purchase(host);
        replayed[55] = seen[55];
        var plain = Purchase(host);
        plain[55] = null;

        Assert.Null((await host.Peer.AskAsync(wrong))[55]);
        Assert.Empty(CommandOf(host, replayed, await host.Peer.AskAsync(replayed)));
        Assert.Null((await host.Peer.AskAsync(plain))[55]);
        Assert.NotEmpty(await CommandOfNextAsync(host));
    }

    [Fact]
    public async Task A_module_that_makes_no_command_leaves_the_answer_as_it_is_and_the_order_waiting()
    {
        using var near = await CredentialHost.OpenModuleAsync();
        var hsm = new DistantHsm(near) { MakingFailure = HsmStatus.Unavailable };
        await using var host = await CredentialHost.StartAsync(hsm);
        Order(host, 1, ScriptCommand.PinUnblock);

        var (request, answer) = await AskAsync(host);
        hsm.MakingFailure = HsmStatus.None;

        Assert.Equal("00", answer[39]);
        Assert.Empty(CommandOf(host, request, answer));
        Assert.NotEmpty(await CommandOfNextAsync(host));
    }

    [Fact]
    public async Task An_order_that_makes_no_sense_is_told_and_sent_to_nobody()
    {
        using var hsm = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(hsm);
        var refused = new List<int>();
        ScriptOrder[] wrong =
        [
            new(1, host.AccountId, CardOrdinal, ScriptCommand.PinUnblock, 0x73, 0, default),
            new(2, host.AccountId, CardOrdinal, (ScriptCommand)9, 0x72, 0, default),
            new(3, host.AccountId, CardOrdinal, ScriptCommand.PutData, 0x72, 0, default),
            new(4, host.AccountId, CardOrdinal, ScriptCommand.PutData, 0x72, 0x9F58, new byte[33]),
            new(5, host.AccountId, CardOrdinal, ScriptCommand.CardBlock, 0x72, 0x9F58, default),
        ];

        host.Scripts.Replace(wrong, refused.Add);

        Assert.Equal([1, 2, 3, 4, 5], refused);
        Assert.Empty(await CommandOfNextAsync(host));
    }

    private static void Order(CredentialHost host, int number, ScriptCommand command, byte template = 0x72, ushort dataObject = 0, string data = "") =>
        host.Scripts.Replace(
            [new(number, host.AccountId, CardOrdinal, command, template, dataObject, Convert.FromHexString(data))],
            refused => Assert.Fail($"Order {refused} was refused."));

    /// <summary>The command that came, whose MAC the chip finds right; empty for none.</summary>
    private static byte[] CommandOf(CredentialHost host, Iso8583Message request, Iso8583Message answer)
    {
        var issuerData = Convert.FromHexString(answer[55] ?? "");
        Assert.True(host.Card.TryReadCommand(issuerData, Convert.FromHexString(request[55]!), out var command));
        return command;
    }

    private async Task<byte[]> CommandOfNextAsync(CredentialHost host)
    {
        var (request, answer) = await AskAsync(host);
        return CommandOf(host, request, answer);
    }

    private async Task<(Iso8583Message Request, Iso8583Message Answer)> AskAsync(CredentialHost host)
    {
        var request = Purchase(host);
        return (request, await host.Peer.AskAsync(request));
    }

    private Iso8583Message Purchase(CredentialHost host)
    {
        var message = Messages.Purchase(stan: (++stan).ToString("D6", CultureInfo.InvariantCulture));
        message[55] = Convert.ToHexString(host.Card.IccData(++counter, new(10_50, Currency.Eur), unpredictableNumber: counter));
        return message;
    }
}
