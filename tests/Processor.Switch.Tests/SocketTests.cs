using Processor.Iso8583;
using Processor.Ledger;

namespace Processor.Switch.Tests;

/// <summary>The promises of a connection once more, over Kestrel and real sockets.</summary>
public sealed class SocketTests
{
    [Theory]
    [InlineData("iso87-ascii", "binary-2")]
    [InlineData("iso87-binary", "binary-2")]
    [InlineData("iso87-ascii", "ascii-4")]
    [InlineData("iso87-binary", "bcd-2+tpdu+inclusive")]
    [InlineData("iso87-ascii", "none+stx-etx-lrc")]
    public async Task Many_connections_are_served_at_once(string dialect, string framing)
    {
        await using var host = await SwitchHost.StartAsync(endpoint =>
        {
            endpoint.Dialect = dialect;
            endpoint.Framing = framing;
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var peer = await host.ConnectAsync();
            Assert.Equal("00", (await peer.AskAsync(Messages.NetworkManagement("001")))[39]);
            await peer.SendAsync([.. Enumerable.Range(1, 200).SelectMany(stan => peer.Frame(Messages.Purchase(stan: $"{stan:D6}")))]);
            for (var stan = 1; stan <= 200; stan++)
                Assert.Equal($"{stan:D6}", (await peer.ReceiveAsync())[11]);
        }));
    }

    [Fact]
    public async Task Bad_bytes_are_answered_logged_with_place_and_reason_and_the_connection_lives_on()
    {
        await using var host = await SwitchHost.StartAsync();
        await using var peer = await host.ConnectAsync();
        var bytes = Messages.Purchase().ToBytes(peer.Dialect);
        var amount = bytes.AsSpan().IndexOf("000000001050"u8);
        bytes[amount + 3] = (byte)'x';

        await peer.SendAsync(peer.Frame(bytes));
        var answer = await peer.ReceiveAsync();

        Assert.Equal("0110", answer.Mti.ToString());
        Assert.Equal("30", answer[39]);
        Assert.Contains($"0100 rejected: DE4 at byte {amount + 3}:", Assert.Single(host.Under.Log.Of(2010)), StringComparison.Ordinal);
        await peer.AssertNothingElseCameAsync();
    }

    [Fact]
    public async Task A_message_without_a_readable_type_gets_no_answer_and_the_connection_lives_on()
    {
        await using var host = await SwitchHost.StartAsync();
        await using var peer = await host.ConnectAsync();

        await peer.SendAsync(peer.Frame("01X0 what is this"u8));
        await peer.SendAsync(peer.Frame("1"u8));

        await peer.AssertNothingElseCameAsync();
        Assert.Equal(2, host.Under.Log.Of(2010).Count());
    }

    [Fact]
    public async Task A_broken_frame_length_closes_the_connection_and_no_other()
    {
        await using var host = await SwitchHost.StartAsync();
        await using var peer = await host.ConnectAsync();
        await using var other = await host.ConnectAsync();

        await peer.SendAsync([0xFF, 0xFF, 0x30]);

        Assert.Null(await peer.ReceiveOrEndAsync());
        Assert.Single(host.Under.Log.Of(2004));
        await other.AssertNothingElseCameAsync();
    }

    [Fact]
    public async Task Stopping_the_host_answers_what_was_accepted_and_accepts_no_more()
    {
        await using var host = await SwitchHost.StartAsync();
        host.Under.Ledger.IsHolding = true;
        await using var peer = await host.ConnectAsync();
        await peer.SendAsync(Messages.Purchase(stan: "000001"));
        await peer.SendAsync(Messages.Purchase(stan: "000002"));
        LedgerOperation[] accepted = [await host.Under.Ledger.TakeAsync(), await host.Under.Ledger.TakeAsync()];

        var stopping = host.StopAsync();
        foreach (var operation in accepted)
            host.Under.Ledger.Complete(operation);

        Assert.Equal("000001", (await peer.ReceiveAsync())[11]);
        Assert.Equal("000002", (await peer.ReceiveAsync())[11]);
        Assert.Null(await peer.ReceiveOrEndAsync());
        await stopping.WaitAsync(Peer.Patience);
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(host.ConnectAsync);
    }

    [Fact]
    public async Task A_peer_that_vanishes_disturbs_nobody()
    {
        await using var host = await SwitchHost.StartAsync();
        host.Under.Ledger.IsHolding = true;
        var socket = await host.ConnectSocketAsync();
        await using var other = await host.ConnectAsync();
        await socket.SendAsync(other.Frame(Messages.Purchase()));
        var operation = await host.Under.Ledger.TakeAsync();

        socket.LingerState = new(enable: true, seconds: 0);
        socket.Close();
        host.Under.Ledger.Complete(operation);

        await other.AssertNothingElseCameAsync();
        Assert.Empty(host.Under.Log.Of(2020));
    }

    [Fact]
    public async Task A_peer_that_stops_reading_is_closed_and_the_others_go_on()
    {
        await using var host = await SwitchHost.StartAsync(endpoint => endpoint.OutputMax = 32 * 1024);
        using var socket = await host.ConnectSocketAsync(receiveBufferSize: 4096);
        await using var other = await host.ConnectAsync();
        var burst = Enumerable.Range(1, 100).SelectMany(stan => other.Frame(Messages.Purchase(stan: $"{stan:D6}"))).ToArray();

        var sending = Task.Run(async () =>
        {
            try
            {
                while (true)
                    await socket.SendAsync(burst);
            }
            catch (System.Net.Sockets.SocketException closed)
            {
                return closed;
            }
        });
        while (!sending.IsCompleted)
            Assert.Equal("00", (await other.AskAsync(Messages.Purchase()))[39]);

        await sending;
        Assert.Contains("SlowPeer", Assert.Single(host.Under.Log.Of(2006)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_log_line_shows_a_pan_or_a_track()
    {
        await using var host = await SwitchHost.StartAsync(endpoint => endpoint.DeadlineMilliseconds = 50);
        await using var peer = await host.ConnectAsync();
        var complete = Messages.WithTrack2(Messages.Purchase());
        complete[45] = "B4761739001010010^DOE/JANE^31122010000000123";
        var bytes = complete.ToBytes(peer.Dialect);
        host.Under.Ledger.IsHolding = true;
        for (var cut = 4; cut < bytes.Length; cut++)
            await peer.SendAsync(peer.Frame(bytes.AsSpan(0, cut)));
        foreach (var element in (int[])[3, 4, 7, 11, 49])
        {
            var message = complete.Copy();
            message[element] = null;
            await peer.SendAsync(message);
        }

        host.Under.Ledger.Decide = _ => throw new InvalidOperationException("A mistake.");
        await peer.SendAsync(complete);
        host.Under.Ledger.Complete(await host.Under.Ledger.TakeAsync(), CommitOutcome.Failed);
        await peer.SendAsync(complete);
        await host.Under.Ledger.TakeAsync();
        while ((await peer.ReceiveAsync())[39] != "91")
        {
            // Format errors of the damaged ones come first.
        }

        Assert.True(host.Under.Log.Lines.Count > bytes.Length / 2);
        Assert.All(host.Under.Log.Lines, line =>
        {
            Assert.DoesNotContain("476173", line, StringComparison.Ordinal);
            Assert.DoesNotContain("1010010", line, StringComparison.Ordinal);
            Assert.DoesNotContain("DOE", line, StringComparison.Ordinal);
        });
    }
}
