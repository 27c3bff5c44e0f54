using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Processor.Ledger;

/// <summary>
/// The Redis that the ledger lives in, whether it is one, a master with replicas, or a Cluster: which node serves a slot, and calls to it.
/// </summary>
internal sealed class RedisNodes : IDisposable
{
    private const int RedirectsMax = 3;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IntervalMin = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IntervalInDoubt = TimeSpan.FromMilliseconds(200);
    private static readonly byte[] Asking = RespWriter.Write("ASKING");
    private static readonly byte[] Slots = RespWriter.Write("CLUSTER", "SLOTS");
    private static readonly byte[] Info = RespWriter.Write("CLUSTER", "INFO");
    private static readonly byte[] Role = RespWriter.Write("ROLE");

    private readonly Channel<bool> doubts = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<RedisEndpoint, RedisNode> nodes = new();
    private readonly TaskCompletionSource known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationToken stopped;
    private readonly Lock gate = new();
    private readonly RedisConfiguration configuration;
    private readonly TimeProvider clock;
    private readonly ILogger log;

    // Of each slot the node that serves it. All the same where there is no Cluster.
    private readonly RedisNode?[] serving = new RedisNode?[RedisSlot.Count];
    private volatile RedisNode[] masters = [];
    private volatile bool isCluster;
    private bool isDisposed;

    private RedisNodes(RedisConfiguration configuration, TimeProvider clock, ILogger log)
    {
        this.configuration = configuration;
        this.clock = clock;
        this.log = log;
        stopped = stopping.Token;
        foreach (var endpoint in configuration.Endpoints)
            NodeAt(endpoint);
        _ = Task.Run(LookAsync);
    }

    /// <summary>True while there is a connection to each node that serves a slot.</summary>
    internal bool IsConnected => masters is { Length: > 0 } all && Array.TrueForAll(all, node => node.IsConnected);

    /// <summary>The nodes that serve a slot.</summary>
    internal IReadOnlyList<RedisNode> Masters => masters;

    /// <summary>Connects, and goes on trying where it cannot.</summary>
    /// <returns>At once when all end points refuse; else when it is known who serves what, or the time for it has passed.</returns>
    internal static async Task<RedisNodes> ConnectAsync(RedisConfiguration configuration, TimeProvider clock, ILogger log)
    {
        var nodes = new RedisNodes(configuration, clock, log);
        var tried = Task.WhenAll(nodes.nodes.Values.Select(node => node.Tried));
        using var patience = new CancellationTokenSource(configuration.ConnectTimeout, clock);
        var passed = Task.Delay(Timeout.Infinite, patience.Token);
        await Task.WhenAny(tried, nodes.known.Task, passed);
        if (nodes.nodes.Values.Any(node => node.IsConnected))
            await Task.WhenAny(nodes.known.Task, passed);
        return nodes;
    }

    /// <summary>Sends one command to who serves a slot, and after it if it is served elsewhere.</summary>
    /// <exception cref="RedisErrorException">It was refused.</exception>
    /// <exception cref="RedisConnectionException">There is no connection, or it broke.</exception>
    internal async Task<RespReply> CallAsync(int slot, byte[] command)
    {
        RedisEndpoint? asked = null;
        for (var redirects = 0; ; redirects++)
        {
            try
            {
                return await Send(ConnectionOf(slot, asked, isBatch: false), command, asked);
            }
            catch (RedisErrorException problem)
            {
                Learn(slot, problem);
                if (redirects == RedirectsMax || (problem.Moved ?? problem.Asked) is null)
                    throw;
                asked = problem.Asked;

                // It may be one that was not known before.
                if ((problem.Moved ?? problem.Asked) is { } target && nodes.TryGetValue(target, out var node))
                    await node.Tried;
            }
        }
    }

    /// <summary>Sends one command that names no key to any node.</summary>
    /// <exception cref="RedisErrorException">It was refused.</exception>
    /// <exception cref="RedisConnectionException">There is no connection, or it broke.</exception>
    internal async Task<RespReply> CallAnyAsync(byte[] command) =>
        await (masters.Concat(nodes.Values).FirstOrDefault(node => node.IsConnected) ?? nodes.Values.First()).Connection.CallAsync(command);

    /// <summary>Sends one command to one node.</summary>
    /// <exception cref="RedisErrorException">It was refused.</exception>
    /// <exception cref="RedisConnectionException">There is no connection, or it broke.</exception>
    internal static async Task<RespReply> CallAsync(RedisNode node, byte[] command) => await node.Connection.CallAsync(command);

    /// <summary>Sends one batch once. Its bytes are the caller's again when this returns.</summary>
    /// <param name="slot">The slot of its keys.</param>
    /// <param name="command">The command.</param>
    /// <param name="asked">Where the last answer has sent it; null for who serves the slot.</param>
    /// <exception cref="RedisConnectionException">There is no connection.</exception>
    internal Task<RespReply> SendBatch(int slot, ReadOnlySpan<byte> command, RedisEndpoint? asked) => Send(ConnectionOf(slot, asked, isBatch: true), command, asked);

    /// <summary>Sends a batch and another command to who serves a slot, with nothing between them.</summary>
    /// <exception cref="RedisConnectionException">There is no connection.</exception>
    internal (Task<RespReply> First, Task<RespReply> Second) SendBatchAnd(int slot, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        ConnectionOf(slot, asked: null, isBatch: true).CallBoth(first, second);

    /// <summary>Breaks the connection that a batch was sent to, if it is still there; another is made.</summary>
    internal void GiveUp(int slot, RedisEndpoint? asked, Exception problem)
    {
        var node = Volatile.Read(ref serving[slot]);
        if (node is not null && asked is { } elsewhere)
            nodes.TryGetValue(elsewhere.On(node.Endpoint.Host), out node);
        node?.GiveUpBatches(problem);
    }

    /// <summary>Breaks both connections to who serves a slot; others are made.</summary>
    internal void GiveUp(int slot, Exception problem) => Volatile.Read(ref serving[slot])?.GiveUp(problem);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            if (isDisposed)
                return;
            isDisposed = true;
        }

        stopping.Cancel();
        stopping.Dispose();
        foreach (var node in nodes.Values)
            node.Dispose();
    }

    private RedisNode ServingOf(int slot) => Volatile.Read(ref serving[slot])
        ?? throw (nodes.Values.FirstOrDefault(node => !node.IsConnected)?.Absence ?? new RedisConnectionException($"No Redis serves slot {slot} yet."));

    private RespConnection ConnectionOf(int slot, RedisEndpoint? asked, bool isBatch)
    {
        var node = ServingOf(slot);
        if (asked is { } elsewhere)
            node = NodeAt(elsewhere.On(node.Endpoint.Host));
        return isBatch ? node.Batches : node.Connection;
    }

    private static Task<RespReply> Send(RespConnection connection, ReadOnlySpan<byte> command, RedisEndpoint? asked) =>
        asked is null ? connection.CallAsync(command) : connection.CallBoth(Asking, command).Second;

    /// <summary>Takes from a refusal what it tells of who serves what.</summary>
    internal void Learn(int slot, RedisErrorException problem)
    {
        if (problem.Moved is { } moved)
            Volatile.Write(ref serving[slot], NodeAt(moved.On(ServingOf(slot).Endpoint.Host)));
        if (problem.Moved is null && !problem.IsOfAnother)
            return;

        // Behind the name of the only one another may have taken its place, which only a new connection finds.
        if (problem.IsOfAnother && !isCluster && configuration.Endpoints.Count == 1)
            ServingOf(slot).GiveUp(problem);
        Doubt();
    }

    /// <summary>Looks again who serves what.</summary>
    internal void Doubt() => doubts.Writer.TryWrite(true);

    // A node begins to connect when it is made, so no two are made for one end point.
    private RedisNode NodeAt(RedisEndpoint endpoint)
    {
        if (nodes.TryGetValue(endpoint, out var known))
            return known;
        lock (gate)
        {
            if (isDisposed)
                throw new RedisConnectionException("The connections to Redis are closed.");
            return nodes.GetOrAdd(endpoint, static (at, self) => new RedisNode(at, self.configuration, self.Doubt, self.clock, self.log), this);
        }
    }

    /// <summary>Looks who serves what: when something has changed, and now and then.</summary>
    private async Task LookAsync()
    {
        while (!stopped.IsCancellationRequested)
        {
            var began = clock.GetTimestamp();
            var isSeen = await TryLookAsync();
            if (isSeen && IsConnected)
                known.TrySetResult();
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stopped);
            await Task.WhenAny(doubts.Reader.WaitToReadAsync(pause.Token).AsTask(), Task.Delay(isSeen && IsConnected ? Interval : IntervalInDoubt, clock, pause.Token));
            await pause.CancelAsync();
            if (clock.GetElapsedTime(began) is var passed && passed < IntervalMin)
                await Task.WhenAny(Task.Delay(IntervalMin - passed, clock, stopped));
            doubts.Reader.TryRead(out _);
        }
    }

    /// <summary>Asks all that can be asked who serves what.</summary>
    /// <returns>False when nobody could tell.</returns>
    private async Task<bool> TryLookAsync()
    {
        try
        {
            var asked = await Task.WhenAll(nodes.Values.Where(node => node.IsConnected).Select(ViewOfAsync));
            var views = asked.OfType<RedisView>().ToList();
            if (views.Count == 0)
                return false;

            // Of a Cluster the one is believed that knows of the latest change: another may be cut off from the rest, or have left them.
            isCluster = views.Exists(view => view.IsCluster);
            if (!isCluster)
                return TryServe(views);
            var best = views.Where(view => view.IsCluster).OrderByDescending(view => (view.IsServing, view.Epoch, view.Assigned)).First().Node;
            Serve(best, (RespReply[])(await AskAsync(best, Slots))!);
            return true;
        }
#pragma warning disable CA1031 // It broke meanwhile, or tells nonsense: the next look tries again.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            LedgerLog.NotFound(log, problem.Message);
            return false;
        }
    }

    /// <summary>What a node tells of itself and the others; null when it tells nothing that helps.</summary>
    private async Task<RedisView?> ViewOfAsync(RedisNode node)
    {
        try
        {
            return await FindClusterAsync(node) ?? await FindMasterAsync(node);
        }
#pragma warning disable CA1031 // It breaks, is loading, or tells nonsense: others are asked as well.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            LedgerLog.NotFound(log, problem.Message);
            return null;
        }
    }

    /// <returns>Null when it is in no Cluster.</returns>
    private async Task<RedisView?> FindClusterAsync(RedisNode node)
    {
        try
        {
            var info = (string)(await AskAsync(node, Info))!;
            return new(node, IsCluster: true, RedisPromise.ValueOf(info, "cluster_state") == "ok", NumberOf(info, "cluster_current_epoch"), NumberOf(info, "cluster_slots_assigned"));
        }
        catch (RedisErrorException problem) when (problem.IsUnwilling)
        {
            return null;
        }
    }

    // One is the master, whatever it says of itself; of several the one that says so.
    private async Task<RedisView?> FindMasterAsync(RedisNode node) =>
        configuration.Endpoints.Count == 1 || (string?)((RespReply[])(await AskAsync(node, Role))!)[0] == "master"
            ? new RedisView(node, IsCluster: false, IsServing: true, Epoch: 0, Assigned: 0)
            : null;

    /// <summary>Of several masters that are no Cluster the one that serves goes on; when none of them does, none is taken.</summary>
    private bool TryServe(List<RedisView> views)
    {
        var served = views.Exists(view => masters.Contains(view.Node));
        if (views.Count > 1)
            LedgerLog.SeveralMasters(log, views.Count, served ? masters[0].Endpoint.ToString() : "none");
        if (views.Count > 1 && !served)
            return false;
        if (!served)
            Serve(views[0].Node);
        return true;
    }

    private void Serve(RedisNode node)
    {
        Array.Fill(serving, node);
        masters = [node];
    }

    // Of each range: first slot, last slot, the master, its replicas; of each node: host, port, id.
    private void Serve(RedisNode asked, RespReply[] ranges)
    {
        foreach (var range in ranges)
        {
            var parts = (RespReply[])range!;
            var master = (RespReply[])parts[2]!;
            var node = NodeAt(new RedisEndpoint((string?)master[0] ?? "", checked((int)(long)master[1])).On(asked.Endpoint.Host));
            for (var slot = (long)parts[0]; slot <= (long)parts[1]; slot++)
                Volatile.Write(ref serving[slot], node);
        }

        masters = [.. serving.OfType<RedisNode>().Distinct()];
        Forget();
    }

    /// <summary>Lets go of nodes that have left a Cluster.</summary>
    private void Forget()
    {
        foreach (var (endpoint, node) in nodes)
        {
            if (node.Tried.IsCompleted && !node.IsConnected && !masters.Contains(node) && !configuration.Endpoints.Contains(endpoint) && nodes.TryRemove(endpoint, out _))
                node.Dispose();
        }
    }

    private Task<RespReply> AskAsync(RedisNode node, byte[] command) => node.Connection.CallAsync(command).WaitAsync(configuration.ConnectTimeout, clock);

    private static long NumberOf(string info, string name) =>
        long.TryParse(RedisPromise.ValueOf(info, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
