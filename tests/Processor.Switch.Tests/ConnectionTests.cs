using System.IO.Pipelines;
using Processor.Iso8583;
using Processor.Ledger;
using Processor.Testing;

namespace Processor.Switch.Tests;

public sealed class ConnectionTests : IDisposable
{
    private readonly SwitchUnderTest under = new();

    public void Dispose() => under.Dispose();

    [Fact]
    public async Task A_request_is_answered_over_any_cut_of_its_bytes()
    {
        var peer = under.Open().Peer;
        var framed = peer.Frame(Messages.Purchase());

        for (var cut = 1; cut < framed.Length; cut++)
        {
            await peer.SendAsync(framed[..cut]);
            await peer.SendAsync(framed[cut..]);
            var answer = await peer.ReceiveAsync();

            Assert.Equal("0110", answer.Mti.ToString());
            Assert.Equal("00", answer[39]);
        }
    }

    [Fact]
    public async Task Bytes_may_come_one_by_one()
    {
        var peer = under.Open().Peer;

        foreach (var item in peer.Frame(Messages.Purchase()))
            await peer.SendAsync([item]);

        Assert.Equal("00", (await peer.ReceiveAsync())[39]);
    }

    [Fact]
    public async Task Requests_in_one_segment_are_all_answered()
    {
        var peer = under.Open().Peer;
        var frames = Enumerable.Range(1, 500).SelectMany(stan => peer.Frame(Messages.Purchase(stan: $"{stan:D6}"))).ToArray();

        await peer.SendAsync(frames);

        for (var stan = 1; stan <= 500; stan++)
            Assert.Equal($"{stan:D6}", (await peer.ReceiveAsync())[11]);
    }

    [Fact]
    public async Task Answers_come_in_the_order_in_which_they_finish()
    {
        under.Ledger.IsHolding = true;
        var peer = under.Open().Peer;
        await peer.SendAsync(Messages.Purchase(stan: "000001"));
        await peer.SendAsync(Messages.Purchase(stan: "000002"));
        var first = await under.Ledger.TakeAsync();
        var second = await under.Ledger.TakeAsync();

        under.Ledger.Complete(second);
        under.Ledger.Complete(first);

        Assert.Equal("000002", (await peer.ReceiveAsync())[11]);
        Assert.Equal("000001", (await peer.ReceiveAsync())[11]);
    }

    [Fact]
    public async Task Beyond_the_bound_in_flight_the_connection_is_not_read()
    {
        using var bounded = new SwitchUnderTest(endpoint => endpoint.InFlightMax = 4);
        bounded.Ledger.IsHolding = true;
        var line = bounded.Open(new PipeOptions(pauseWriterThreshold: 4096, resumeWriterThreshold: 2048));
        var sending = Task.Run(async () =>
        {
            for (var stan = 1; stan <= 100; stan++)
                await line.Peer.SendAsync(Messages.Purchase(stan: $"{stan:D6}"));
        });

        for (var done = 0; done < 100; done++)
        {
            var operation = await bounded.Ledger.TakeAsync();
            Assert.InRange(bounded.Ledger.Requests.Count - done, 1, 4);
            if (done == 0)
                Assert.False(sending.IsCompleted);
            bounded.Ledger.Complete(operation);
            await line.Peer.ReceiveAsync();
        }

        await sending;
    }

    [Fact]
    public async Task A_shutdown_answers_what_was_accepted_and_closes()
    {
        under.Ledger.IsHolding = true;
        var line = under.Open();
        await line.Peer.SendAsync([.. line.Peer.Frame(Messages.Purchase(stan: "000001")), .. line.Peer.Frame(Messages.Purchase(stan: "000002"))]);
        var first = await under.Ledger.TakeAsync();
        var second = await under.Ledger.TakeAsync();

        line.RequestClose();
        under.Ledger.Complete(first);
        under.Ledger.Complete(second);

        Assert.Equal("000001", (await line.Peer.ReceiveAsync())[11]);
        Assert.Equal("000002", (await line.Peer.ReceiveAsync())[11]);
        Assert.Null(await line.Peer.ReceiveOrEndAsync());
        await line.Served.WaitAsync(Peer.Patience);
    }

    [Fact]
    public async Task A_shutdown_signs_off_from_who_has_signed_on_and_still_answers_for_a_moment()
    {
        var line = under.Open();
        await line.Peer.AskAsync(Messages.NetworkManagement("001"));

        line.RequestClose();
        var notice = await line.Peer.ReceiveAsync();
        var answer = await line.Peer.AskAsync(Messages.Purchase());
        under.Clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.Equal(("0800", "002"), (notice.Mti.ToString(), notice[70]));
        Assert.Equal("00", answer[39]);
        Assert.Null(await line.Peer.ReceiveOrEndAsync());
        await line.Served.WaitAsync(Peer.Patience);
    }

    [Fact]
    public async Task A_peer_that_has_said_all_still_gets_its_answers()
    {
        under.Ledger.IsHolding = true;
        var line = under.Open();
        await line.Peer.SendAsync(Messages.Purchase());
        var operation = await under.Ledger.TakeAsync();

        await line.Peer.CloseAsync();
        under.Ledger.Complete(operation);

        Assert.Equal("00", (await line.Peer.ReceiveAsync())[39]);
        Assert.Null(await line.Peer.ReceiveOrEndAsync());
    }

    [Theory]
    [InlineData("binary-2", "0000")]
    [InlineData("binary-2", "FFFF")]
    [InlineData("ascii-4", "30303030")]
    [InlineData("ascii-4", "31324132")]
    public async Task A_frame_length_that_cannot_be_closes_the_connection_with_a_log_line(string framing, string header)
    {
        using var framed = new SwitchUnderTest(endpoint => endpoint.Framing = framing);
        framed.Ledger.IsHolding = true;
        var line = framed.Open();
        await line.Peer.SendAsync([.. line.Peer.Frame(Messages.Purchase()), .. Convert.FromHexString(header), .. "0800"u8]);

        framed.Ledger.Complete(await framed.Ledger.TakeAsync());

        Assert.Equal("00", (await line.Peer.ReceiveAsync())[39]);
        Assert.Null(await line.Peer.ReceiveOrEndAsync());
        await line.Served.WaitAsync(Peer.Patience);
        Assert.Single(framed.Log.Of(2004));
    }

    [Theory]
    [InlineData("binary-2+tpdu", 2, "6000010002", "6000020001")]
    [InlineData("vap", 2, "0005", "0005")]
    public async Task An_answer_gives_the_envelope_of_its_request_back(string framing, int offset, string sent, string expected)
    {
        using var framed = new SwitchUnderTest(endpoint => endpoint.Framing = framing);
        var line = framed.Open();
        var request = line.Peer.Frame(Messages.Echo("000001"));
        Convert.FromHexString(sent).CopyTo(request, offset);

        await line.Peer.SendAsync(request);
        var answer = await line.Peer.ReceiveBytesAsync(offset + expected.Length / 2);

        Assert.Equal(expected, Convert.ToHexString(answer.AsSpan(offset)));
    }

    [Fact]
    public async Task A_sign_of_life_comes_back_and_the_line_is_served_on()
    {
        using var framed = new SwitchUnderTest(endpoint => endpoint.Framing = "ascii-4+keep-alive");
        var line = framed.Open();

        await line.Peer.SendAsync([.. "00000000"u8, .. line.Peer.Frame(Messages.Echo("000001"))]);

        Assert.Equal("00000000"u8.ToArray(), await line.Peer.ReceiveBytesAsync(8));
        Assert.Equal("000001", (await line.Peer.ReceiveAsync())[11]);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_closed_at_the_bound_and_blocks_nobody()
    {
        using var slow = new SwitchUnderTest(endpoint => endpoint.OutputMax = 2 * Framing.FrameLengthMaxDefault);
        var line = slow.Open(output: new PipeOptions(pauseWriterThreshold: 1024, resumeWriterThreshold: 512));
        var other = slow.Open();

        for (var stan = 1; !slow.Log.Of(2006).Any() && stan < 10_000; stan++)
        {
            await line.Peer.SendAsync(Messages.Purchase(stan: $"{stan:D6}"));
            Assert.Equal("00", (await other.Peer.AskAsync(Messages.Purchase()))[39]);
        }

        Assert.Contains("SlowPeer", Assert.Single(slow.Log.Of(2006)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_lanes_write_to_one_connection_without_mixing_answers()
    {
        under.Ledger.IsHolding = true;
        var peer = under.Open().Peer;
        var stans = Enumerable.Range(1, 1000).Select(stan => $"{stan:D6}").ToList();
        await peer.SendAsync([.. stans.SelectMany(stan => peer.Frame(Messages.Purchase(stan: stan)))]);
        var operations = new List<LedgerOperation>();
        for (var index = 0; index < stans.Count; index++)
            operations.Add(await under.Ledger.TakeAsync());

        var lanes = Enumerable.Range(0, 4).Select(lane => Task.Run(() => CompleteEvery(operations, lane, 4))).ToList();
        var received = new List<string?>();
        for (var index = 0; index < stans.Count; index++)
            received.Add((await peer.ReceiveAsync())[11]);

        await Task.WhenAll(lanes);
        Assert.Equal(stans, received.Order());
    }

    [Fact]
    public async Task Damage_never_hangs_the_connection_and_never_throws()
    {
        await Seeds.RunAsync(20260101, async dice =>
        {
            var peer = under.Open().Peer;
            var message = Messages.WithTrack2(Messages.Purchase()).ToBytes(peer.Dialect);
            for (var run = 0; run < 500; run++)
            {
                var damaged = message.ToArray();
                for (var hits = dice.Next(1, 4); hits > 0; hits--)
                    damaged[dice.Next(damaged.Length)] = (byte)dice.Next(256);
                await peer.SendAsync(peer.Frame(damaged.AsSpan(0, dice.Next(1, damaged.Length + 1))));
                var stan = $"{900_000 + run:D6}";
                await peer.SendAsync(Messages.Echo(stan));
                while ((await peer.ReceiveAsync()) is var answer && answer[11] != stan)
                    Assert.True(answer.Mti.IsResponse);
            }
        });
        Assert.Empty(under.Log.Of(2020));
    }

    private static void CompleteEvery(List<LedgerOperation> operations, int first, int step)
    {
        var flushes = new FlushList();
        for (var index = first; index < operations.Count; index += step)
        {
            operations[index].Complete(CommitOutcome.Unavailable, flushes);
            if (index % 7 == 0)
                flushes.FlushAll();
        }

        flushes.FlushAll();
    }
}
