using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>Finding the node that serves, on real servers.</summary>
public sealed class RedisNodesTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_replica_that_becomes_the_master_is_written_to()
    {
        await using var master = await LocalRedis.StartOwnAsync("--repl-diskless-sync-delay", "0");
        await using var replica = await LocalRedis.StartOwnAsync("--replicaof", "127.0.0.1", Text(master.Port));

        // The replica is named first: it is the role that counts.
        using var nodes = await ConnectAsync($"127.0.0.1:{replica.Port},127.0.0.1:{master.Port}");
        using var direct = await ConnectAsync($"127.0.0.1:{replica.Port}");
        await SetAsync(nodes, "1");
        await UntilAsync(async () => (string?)await CallAsync(direct, "GET", "key") == "1");

        master.Kill();
        await CallAsync(direct, "REPLICAOF", "NO", "ONE");

        await UntilAsync(async () => (string?)await SetAsync(nodes, "2") == "OK");
        Assert.Equal("2", (string?)await CallAsync(direct, "GET", "key"));
        Assert.True(nodes.IsConnected);
    }

    [Fact]
    public async Task Calls_follow_a_slot_while_it_moves_and_after()
    {
        await using var redis = await LocalRedisCluster.StartAsync(masters: 2);
        using var nodes = await ConnectAsync(redis.ConnectionString);
        var keys = Enumerable.Range(0, 200).Select(number => "{p0}:" + Text(number)).ToArray();
        foreach (var key in keys)
            await CallAsync(nodes, "SET", key, key);

        var moving = redis.MigrateAsync(RedisSlot.Of("{p0}"));
        while (!moving.IsCompleted)
        {
            foreach (var key in keys)
                Assert.Equal(key, (string?)await CallAsync(nodes, "GET", key));
        }

        Assert.Equal(keys.Length, await moving);
        foreach (var key in keys)
            Assert.Equal(key, (string?)await CallAsync(nodes, "GET", key));
    }

    [Fact]
    public async Task A_Cluster_of_which_one_node_is_named_serves_every_slot_from_the_first_call()
    {
        await using var redis = await LocalRedisCluster.StartAsync(masters: 3);
        await using var stranger = await LocalRedis.StartOwnAsync("--cluster-enabled", "yes");
        for (var open = 0; open < 10; open++)
        {
            // A node that is in no Cluster, or no more, is asked as well and not believed.
            using var nodes = await ConnectAsync($"127.0.0.1:{stranger.Port},127.0.0.1:{redis.Nodes[open % 3].Port}");

            Assert.True(nodes.IsConnected);
            await Task.WhenAll(Enumerable.Range(0, 30).Select(number => CallAsync(nodes, "GET", Text(number))));
        }
    }

    [Fact]
    public async Task Of_two_that_say_they_are_the_master_the_one_that_serves_goes_on_and_none_is_guessed()
    {
        await using var one = await LocalRedis.StartOwnAsync("--repl-diskless-sync-delay", "0");
        await using var other = await LocalRedis.StartOwnAsync();
        using var direct = await ConnectAsync(other.ConnectionString);
        using var nodes = await ConnectAsync($"127.0.0.1:{other.Port},127.0.0.1:{one.Port},connectTimeout=1000");
        Assert.False(nodes.IsConnected);

        await CallAsync(direct, "REPLICAOF", "127.0.0.1", Text(one.Port));
        await UntilAsync(async () => (string?)await SetAsync(nodes, "1") == "OK");
        await CallAsync(direct, "REPLICAOF", "NO", "ONE");
        for (var number = 0; number < 20; number++)
        {
            nodes.Doubt();
            Assert.Equal("OK", (string?)await SetAsync(nodes, "2"));
            await Task.Delay(1);
        }

        Assert.NotEqual("2", (string?)await CallAsync(direct, "GET", "key"));
    }

    [Fact]
    public async Task The_only_one_is_connected_to_anew_when_it_is_no_master_any_more()
    {
        await using var master = await LocalRedis.StartOwnAsync();
        await using var redis = await LocalRedis.StartOwnAsync();
        using var direct = await ConnectAsync(redis.ConnectionString);
        using var nodes = await ConnectAsync(redis.ConnectionString);
        var before = (long)await CallAsync(nodes, "CLIENT", "ID");

        await CallAsync(direct, "REPLICAOF", "127.0.0.1", Text(master.Port));

        // Until it has come to know that it is a replica, it takes what is written.
        await UntilAsync(async () => (string?)await SetAsync(nodes, "1") != "OK");
        await UntilAsync(async () => await IdAsync(nodes) > before);
    }

    [Fact]
    public async Task A_line_that_falls_silent_is_given_up_and_made_anew()
    {
        using var server = new SilentServer();
        using var nodes = await RedisNodes.ConnectAsync(
            RedisConfiguration.Parse(server.Endpoint + ",connectTimeout=600000"), new QuickClock(), NullLogger.Instance);
        Assert.Equal((true, 2), (nodes.IsConnected, server.Entered));

        // Nobody answers any more; then somebody does.
        server.FallSilent();
        var call = CallAsync(nodes, "PING");
        await Assert.ThrowsAsync<RedisConnectionException>(() => call.WaitAsync(Patience));
        server.SpeakAgain();

        await UntilAsync(() => Task.FromResult(nodes.IsConnected && server.Entered > 2));
    }

    [Fact]
    public async Task Calls_to_a_Redis_that_is_not_there_are_told_so_at_once()
    {
        using var nodes = await ConnectAsync($"127.0.0.1:{FreePorts.Take()}");

        var problem = await Assert.ThrowsAsync<RedisConnectionException>(() => CallAsync(nodes, "PING"));

        Assert.IsType<SocketException>(problem.InnerException);
        Assert.False(nodes.IsConnected);
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_it()
    {
        await using var redis = await LocalRedis.StartOwnAsync();
        using var right = await ConnectAsync(redis.ConnectionString);
        await right.CallAnyAsync(RespWriter.Write("CONFIG", "SET", "requirepass", "right"));
        using var nodes = await ConnectAsync($"127.0.0.1:{redis.Port},password=swordfish");

        var problem = await Assert.ThrowsAsync<RedisConnectionException>(() => CallAsync(nodes, "PING"));

        Assert.StartsWith("WRONGPASS", problem.InnerException!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_before_the_password_is_told()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var connecting = ConnectAsync(listener.LocalEndpoint + ",ssl=true,password=swordfish");
        Task[] talking = [TalkAsync(), TalkAsync()];
        using var nodes = await connecting;

        var problem = await Assert.ThrowsAsync<RedisConnectionException>(() => CallAsync(nodes, "PING"));
        Assert.IsType<AuthenticationException>(problem.InnerException);
        foreach (var talk in talking)
            Assert.True(await Assert.ThrowsAnyAsync<Exception>(() => talk) is IOException or AuthenticationException);

        async Task TalkAsync()
        {
            using var server = await listener.AcceptSocketAsync().WaitAsync(Patience);
            await using var secret = new SslStream(new NetworkStream(server, ownsSocket: false));
            await secret.AuthenticateAsServerAsync(certificate);
            await secret.ReadExactlyAsync(new byte[1]);
        }
    }

    private static Task<RedisNodes> ConnectAsync(string configuration) =>
        RedisNodes.ConnectAsync(RedisConfiguration.Parse(configuration), TimeProvider.System, NullLogger.Instance);

    private static Task<RespReply> CallAsync(RedisNodes nodes, string command, params string[] rest) =>
        nodes.CallAsync(RedisSlot.Of(rest.Length > 0 ? rest[0] : ""), RespWriter.Write([command, .. rest.Select(part => (RespArgument)part)]));

    private static async Task<RespReply> SetAsync(RedisNodes nodes, string value)
    {
        try
        {
            return await CallAsync(nodes, "SET", "key", value);
        }
        catch (Exception problem) when (problem is RedisConnectionException or RedisErrorException)
        {
            return default;
        }
    }

    private static async Task<long> IdAsync(RedisNodes nodes)
    {
        try
        {
            return (long)await CallAsync(nodes, "CLIENT", "ID");
        }
        catch (RedisConnectionException)
        {
            return 0;
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo())
            await Task.Delay(1, patience.Token);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
