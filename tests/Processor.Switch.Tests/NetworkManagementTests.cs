namespace Processor.Switch.Tests;

public sealed class NetworkManagementTests
{
    [Theory]
    [InlineData("001", "00")]
    [InlineData("002", "00")]
    [InlineData("301", "00")]
    [InlineData("061", "00")]
    [InlineData("062", "00")]
    [InlineData("270", "00")]
    [InlineData("101", "12")]
    [InlineData("161", "12")]
    [InlineData("999", "12")]
    [InlineData("000", "12")]
    public async Task Each_code_is_answered_and_echoed(string code, string answer)
    {
        using var under = new SwitchUnderTest();

        var received = await under.Open().Peer.AskAsync(Messages.NetworkManagement(code, stan: "000042"));

        Assert.Equal("0810", received.Mti.ToString());
        Assert.Equal(answer, received[39]);
        Assert.Equal(code, received[70]);
        Assert.Equal("000042", received[11]);
        Assert.Equal("0601120000", received[7]);
    }

    [Fact]
    public async Task A_message_without_a_code_is_a_format_error()
    {
        using var under = new SwitchUnderTest();
        var message = Messages.Echo();
        message[70] = null;

        var received = await under.Open().Peer.AskAsync(message);

        Assert.Equal("30", received[39]);
        Assert.Contains("DE70 is missing", Assert.Single(under.Log.Of(2011)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_sign_on_is_required_nothing_is_served_before_it_nor_after_a_sign_off()
    {
        using var under = new SwitchUnderTest(endpoint => endpoint.RequiresSignOn = true);
        var peer = under.Open().Peer;

        Assert.Equal("91", (await peer.AskAsync(Messages.Purchase()))[39]);
        await peer.SendAsync(Messages.Purchase("0120"));
        Assert.Equal("00", (await peer.AskAsync(Messages.NetworkManagement("001")))[39]);
        Assert.Equal("00", (await peer.AskAsync(Messages.Purchase()))[39]);
        Assert.Equal("00", (await peer.AskAsync(Messages.NetworkManagement("002")))[39]);
        Assert.Equal("91", (await peer.AskAsync(Messages.Purchase()))[39]);
        Assert.Single(under.Ledger.Requests);
    }

    [Fact]
    public async Task A_sign_on_is_of_its_connection_alone()
    {
        using var under = new SwitchUnderTest(endpoint => endpoint.RequiresSignOn = true);
        await under.Open().Peer.AskAsync(Messages.NetworkManagement("001"));

        var received = await under.Open().Peer.AskAsync(Messages.Purchase());

        Assert.Equal("91", received[39]);
    }
}
