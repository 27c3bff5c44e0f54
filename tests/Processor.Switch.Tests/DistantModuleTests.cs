using System.Globalization;
using Processor.Cards;
using Processor.Iso8583;
using Processor.Security;

namespace Processor.Switch.Tests;

/// <summary>A module whose answers come later, or not at all: decisions are the same, and no answer approves nothing.</summary>
public sealed class DistantModuleTests
{
    private static readonly Amount Amount = new(10_50, Currency.Eur);

    private int stan;

    public static TheoryData<HsmStatus> Failures() => [.. Enum.GetValues<HsmStatus>().Except([HsmStatus.None, HsmStatus.Ok])];

    [Fact]
    public async Task What_is_answered_later_is_decided_alike()
    {
        using var near = await CredentialHost.OpenModuleAsync();
        await using var host = await CredentialHost.StartAsync(new DistantHsm(near));
        var card = host.Card;
        var wrong = card.IccData(counter: 1, Amount, unpredictableNumber: 1);
        wrong[^1] ^= 1;
        var right = card.IccData(counter: 2, Amount, unpredictableNumber: 1);

        Assert.Equal("00", (await AskAsync(host, 48, "9203" + card.VerificationValue))[39]);
        Assert.Equal("05", (await AskAsync(host, 48, "9203" + (card.VerificationValue == "000" ? "111" : "000")))[39]);
        Assert.Equal("00", (await AskAsync(host, 52, Convert.ToHexString(card.PinBlock(card.Pin))))[39]);
        Assert.Equal("55", (await AskAsync(host, 52, Convert.ToHexString(card.PinBlock(card.Pin == "1234" ? "4321" : "1234"))))[39]);
        Assert.NotEqual("00", (await AskAsync(host, 55, Convert.ToHexString(wrong)))[39]);
        var answer = await AskAsync(host, 55, Convert.ToHexString(right));
        Assert.True(card.IsIssuer(Convert.FromHexString(answer[55]!), right, out var isApproved) && isApproved);
    }

    [Fact]
    public async Task Answers_in_another_order_reach_their_own_requests()
    {
        using var near = await CredentialHost.OpenModuleAsync();
        var hsm = new DistantHsm(near);
        await using var host = await CredentialHost.StartAsync(hsm);
        var way = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hsm.Way = way.Task;
        var early = Message(48, "9203" + (host.Card.VerificationValue == "000" ? "111" : "000"));
        await host.Peer.SendAsync(early);
        await hsm.UntilAskedAsync(1);
        hsm.Way = Task.CompletedTask;

        var later = await host.Peer.AskAsync(Message(48, "9203" + host.Card.VerificationValue));
        way.SetResult();
        var first = await host.Peer.ReceiveAsync();

        Assert.Equal(("00", "000002"), (later[39], later[11]));
        Assert.Equal(("05", "000001"), (first[39], first[11]));
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task No_status_but_one_approves(HsmStatus failure)
    {
        using var near = await CredentialHost.OpenModuleAsync();
        var hsm = new DistantHsm(near) { Failure = failure };
        await using var host = await CredentialHost.StartAsync(hsm);
        var card = host.Card;

        Assert.NotEqual("00", (await AskAsync(host, 48, "9203" + card.VerificationValue))[39]);
        Assert.NotEqual("00", (await AskAsync(host, 52, Convert.ToHexString(card.PinBlock(card.Pin))))[39]);
        var chip = await AskAsync(host, 55, Convert.ToHexString(card.IccData(counter: 1, Amount, unpredictableNumber: 1)));
        Assert.NotEqual("00", chip[39]);
        Assert.Null(chip[55]);

        // A module that was away spends neither a try of the PIN nor the chip's counter.
        hsm.Failure = HsmStatus.None;
        if (failure is HsmStatus.Timeout or HsmStatus.Unavailable or HsmStatus.Throttled or HsmStatus.DeviceFault)
        {
            Assert.Equal("00", (await AskAsync(host, 55, Convert.ToHexString(card.IccData(counter: 1, Amount, unpredictableNumber: 1))))[39]);
            Assert.Equal("00", (await AskAsync(host, 52, Convert.ToHexString(card.PinBlock(card.Pin))))[39]);
        }
    }

    private Task<Iso8583Message> AskAsync(CredentialHost host, int element, string value) => host.Peer.AskAsync(Message(element, value));

    private Iso8583Message Message(int element, string value)
    {
        var message = Messages.Purchase();
        message[11] = (++stan).ToString("D6", CultureInfo.InvariantCulture);
        message[37] = "615212" + message[11];
        if (element == 48)
            message[22] = "012";
        if (element == 52)
            message[3] = "010000";
        message[element] = value;
        return message;
    }
}
