using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Processor.Testing;

/// <summary>
/// A TCP relay between a host and its Redis that loses, holds back and doubles what passes, by seeded dice, and can make the way
/// longer. What it does to a reply is done after the command was executed.
/// </summary>
public sealed class RedisProxy : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly HashSet<ProxiedConnection> connections = [];
    private readonly Lock gate = new();
    private readonly Random dice;
    private readonly int target;
    private readonly Task accepting;
    private readonly Dictionary<(ProxyFault Fault, bool IsReply), int> faults = [];

    private RedisProxy(int target, int seed, int port)
    {
        this.target = target;
        listener = new TcpListener(IPAddress.Loopback, port);
        dice = new Random(seed);
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The loopback port.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>A StackExchange.Redis configuration that leads through the proxy.</summary>
    public string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port},abortConnect=false,connectTimeout=1000");

    /// <summary>Time that each direction takes longer.</summary>
    public TimeSpan Distance { get; set; }

    /// <summary>What may happen to what passes; nothing by default. May be changed at any time.</summary>
    public ProxyFaults Faults { get; set; } = ProxyFaults.None;

    /// <summary>Faults that were made so far.</summary>
    public int FaultCount
    {
        get
        {
            lock (gate)
                return faults.Values.Sum();
        }
    }

    /// <summary>Starts a proxy.</summary>
    /// <param name="target">The loopback port of Redis.</param>
    /// <param name="seed">Of the dice that say what passes unharmed.</param>
    /// <param name="port">The loopback port to listen on; 0 for any.</param>
    public static RedisProxy Start(int target, int seed, int port = 0) => new(target, seed, port);

    /// <summary>How often one of them was made so far.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="isReply">To what came from Redis, or to what went there.</param>
    public int CountOf(ProxyFault fault, bool isReply)
    {
        lock (gate)
            return faults.GetValueOrDefault((fault, isReply));
    }

    /// <summary>Breaks every connection.</summary>
    public void Cut()
    {
        lock (gate)
        {
            foreach (var connection in connections)
                connection.Dispose();
        }
    }

    /// <summary>Stops it and breaks what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        listener.Stop();
        Cut();
        await accepting.ConfigureAwait(false);
        listener.Dispose();
        stopping.Dispose();
    }

    /// <summary>Draws what happens to a piece.</summary>
    internal ProxyFault Draw(bool isReply, ReadOnlySpan<byte> piece)
    {
        var faulty = Faults;
        lock (gate)
        {
            var die = dice.NextDouble();
            foreach (var (fault, chance) in isReply ? faulty.OfReplies : faulty.OfCommands)
            {
                if (die < chance)
                {
                    // What cannot be doubled passes.
                    if (fault == ProxyFault.Double && CommittedReply.Find(piece).Length == 0)
                        return ProxyFault.None;
                    faults[(fault, isReply)] = faults.GetValueOrDefault((fault, isReply)) + 1;
                    return fault;
                }

                die -= chance;
            }

            return ProxyFault.None;
        }
    }

    /// <summary>Draws how long something is held back.</summary>
    internal TimeSpan DrawWait()
    {
        lock (gate)
            return Faults.WaitMax * dice.NextDouble();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync(stopping.Token).ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }

            var connection = new ProxiedConnection(this, client, stopping.Token);
            lock (gate)
                connections.Add(connection);
            _ = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(ProxiedConnection connection)
    {
        using (connection)
            await connection.ServeAsync(target).ConfigureAwait(false);
        lock (gate)
            connections.Remove(connection);
    }
}
