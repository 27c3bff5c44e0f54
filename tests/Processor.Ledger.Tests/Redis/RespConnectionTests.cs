using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>One connection, whose other end is the test.</summary>
public sealed class RespConnectionTests : IAsyncLifetime, IDisposable
{
    private static readonly byte[] Ping = RespWriter.Write("PING");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TcpListener listener = null!;
    private Socket server = null!;
    private RespConnection connection = null!;

    public async Task InitializeAsync()
    {
        listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndpoint);
        server = await listener.AcceptSocketAsync();
        server.NoDelay = true;
        connection = new RespConnection(new NetworkStream(client, ownsSocket: true), "the test", TimeProvider.System);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        connection.Dispose();
        server.Dispose();
        listener.Dispose();
    }

    [Fact]
    public async Task Each_call_is_told_its_own_reply_however_the_replies_arrive()
    {
        var calls = Enumerable.Range(0, 50).Select(_ => connection.CallAsync(Ping)).ToArray();
        var replies = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 50).Select(number => number % 2 == 0 ? $":{number}\r\n" : $"$2\r\n{number:00}\r\n")));

        foreach (var piece in replies.Chunk(3))
            await server.SendAsync(piece);

        for (var number = 0; number < calls.Length; number++)
            Assert.Equal(number, (long)await calls[number].WaitAsync(Patience));
    }

    [Fact]
    public async Task A_reply_longer_than_any_buffer_arrives_whole()
    {
        var (call, next) = (connection.CallAsync(Ping), connection.CallAsync(Ping));
        var content = new byte[5 << 20];
        new Random(1).NextBytes(content);

        await server.SendAsync(Encoding.ASCII.GetBytes($"*2\r\n${content.Length}\r\n"));
        await server.SendAsync(content);
        await server.SendAsync("\r\n:1\r\n+OK\r\n"u8.ToArray());

        Assert.Equal(content, (byte[]?)((RespReply[])(await call.WaitAsync(Patience))!)[0]);
        Assert.Equal("OK", (string?)await next.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_refusal_is_told_to_its_own_call_alone()
    {
        var (first, second) = (connection.CallAsync(Ping), connection.CallAsync(Ping));

        await server.SendAsync("-LOADING soon\r\n+PONG\r\n"u8.ToArray());

        Assert.Equal("LOADING soon", (await Assert.ThrowsAsync<RedisErrorException>(() => first.WaitAsync(Patience))).Message);
        Assert.Equal("PONG", (string?)await second.WaitAsync(Patience));
    }

    [Theory]
    [InlineData("+PONG\r\n+PONG\r\n+PONG\r\n", 2)]
    [InlineData("+PONG\r\nnonsense\r\n", 1)]
    [InlineData("+PONG\r\n$1\r\nabc\r\n", 1)]
    public async Task What_Redis_never_says_breaks_the_line_and_all_that_waits_is_told(string said, int told)
    {
        var calls = new[] { connection.CallAsync(Ping), connection.CallAsync(Ping) };

        await server.SendAsync(Encoding.ASCII.GetBytes(said));
        await connection.Ended.WaitAsync(Patience);

        for (var index = 0; index < calls.Length; index++)
        {
            if (index < told)
                Assert.Equal("PONG", (string?)await calls[index]);
            else
                await Assert.ThrowsAsync<RedisConnectionException>(() => calls[index]);
        }

        Assert.IsType<InvalidDataException>(connection.Reason);
        await Assert.ThrowsAsync<RedisConnectionException>(() => connection.CallAsync(Ping));
    }

    [Fact]
    public async Task A_line_that_is_closed_tells_all_that_waits()
    {
        var call = connection.CallAsync(Ping);

        server.Close();

        await Assert.ThrowsAsync<RedisConnectionException>(() => call.WaitAsync(Patience));
    }

    [Fact]
    public async Task Two_commands_stay_together_whatever_others_send()
    {
        const int Count = 200;
        var (ask, get, other) = (RespWriter.Write("ASKING"), RespWriter.Write("GET", "key"), RespWriter.Write("PING"));

        var pairs = Task.Run(() => Enumerable.Range(0, Count).Select(_ => connection.CallBoth(ask, get)).ToList());
        var others = Task.Run(() => Enumerable.Range(0, Count).Select(_ => connection.CallAsync(other)).ToList());
        await Task.WhenAll(pairs, others);
        var sent = await ReceiveAsync(Count * (ask.Length + get.Length + other.Length));

        var together = Encoding.ASCII.GetString(ask) + Encoding.ASCII.GetString(get);
        Assert.Equal(Count, sent.Split(together).Length - 1);
    }

    [Fact]
    public async Task Beyond_what_may_wait_a_call_is_refused_and_the_others_go_on()
    {
        var large = new byte[RespConnection.WaitingLengthMax];

        // The first goes to the sockets, which have no room for it; the second waits.
        var (first, second, third) = (connection.CallAsync(large), connection.CallAsync(large), connection.CallAsync(Ping));

        await Assert.ThrowsAsync<RedisConnectionException>(() => third.WaitAsync(Patience));
        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.Null(connection.Reason);
    }

    [Fact]
    public async Task While_a_line_breaks_no_call_is_told_the_reply_of_another()
    {
        for (var round = 0; round < 100; round++)
        {
            Dispose();
            await InitializeAsync();
            var breaking = Task.Run(() => AnswerAndBreakAsync(500 + (30 * round)));
            var calls = new List<Task<RespReply>>();
            while (connection.Reason is null && calls.Count < 20_000)
                calls.Add(connection.CallAsync(Ping));
            await breaking;
            Dispose();

            await Task.WhenAll(calls.Select(call => call.ContinueWith(_ => { }, TaskScheduler.Default))).WaitAsync(Patience);
            for (var number = 0; number < calls.Count; number++)
                Assert.True(!calls[number].IsCompletedSuccessfully || (long)await calls[number] == number);
        }
    }

    /// <summary>Answers each call with its number, and after so many breaks the line while answers are being read.</summary>
    private async Task AnswerAndBreakAsync(int count)
    {
        var buffer = new byte[16 * 1024];
        var (received, told) = (0, 0);
        while (told < count && await server.ReceiveAsync(buffer) is > 0 and var length)
        {
            received += length;
            var replies = new StringBuilder();
            while (told < received / Ping.Length)
                replies.Append(CultureInfo.InvariantCulture, $":{told++}\r\n");
            await server.SendAsync(Encoding.ASCII.GetBytes(replies.ToString()));
        }

        connection.Break(new IOException("As a failed write does."));
    }

    private async Task<string> ReceiveAsync(int length)
    {
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[length];
        for (var at = 0; at < length;)
            at += await server.ReceiveAsync(buffer.AsMemory(at), patience.Token);
        return Encoding.ASCII.GetString(buffer);
    }
}
