using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Processor.Ledger;

/// <summary>One Redis, and two connections to it that are made again whenever they break.</summary>
/// <remarks>Batches have one of their own. Their answers say which call they are to, others do not: an answer that comes twice is then told
/// to another batch, which notices, or to nobody.</remarks>
internal sealed class RedisNode : IDisposable
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(1);

    // A line that says nothing for so long while something waits is taken for dead; one that is quiet is asked.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(30);
    private static readonly byte[] Ping = RespWriter.Write("PING");

    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationToken stopped;
    private readonly TaskCompletionSource tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RedisConfiguration configuration;
    private readonly Action changed;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly RedisNode? batches;
    private volatile RespConnection? connection;
    private volatile Exception? problem;
    private int isDisposed;

    /// <param name="endpoint">Where it listens.</param>
    /// <param name="configuration">How to come in.</param>
    /// <param name="changed">Called when there is a connection, and when there is none any more.</param>
    /// <param name="clock">Measures pauses and silence.</param>
    /// <param name="log">Told of both.</param>
    internal RedisNode(RedisEndpoint endpoint, RedisConfiguration configuration, Action changed, TimeProvider clock, ILogger log)
        : this(endpoint, configuration, changed, clock, log, new(endpoint, configuration, changed, clock, log, batches: null))
    {
    }

    private RedisNode(RedisEndpoint endpoint, RedisConfiguration configuration, Action changed, TimeProvider clock, ILogger log, RedisNode? batches)
    {
        this.batches = batches;
        Endpoint = endpoint;
        this.configuration = configuration;
        this.changed = changed;
        this.clock = clock;
        this.log = log;
        stopped = stopping.Token;
        _ = Task.Run(RunAsync);
    }

    internal RedisEndpoint Endpoint { get; }

    /// <summary>True while there are both connections.</summary>
    internal bool IsConnected => connection is not null && (batches?.IsConnected ?? true);

    /// <summary>Ends after the first try of both, whether there are connections then or not.</summary>
    internal Task Tried => batches is null ? tried.Task : Task.WhenAll(tried.Task, batches.Tried);

    /// <summary>The connection for all but batches.</summary>
    /// <exception cref="RedisConnectionException">There is none.</exception>
    internal RespConnection Connection => connection ?? throw Absence;

    /// <summary>The connection for batches.</summary>
    /// <exception cref="RedisConnectionException">There is none.</exception>
    internal RespConnection Batches => batches!.Connection;

    /// <summary>Says that there is no connection, and why.</summary>
    internal RedisConnectionException Absence => problem is { } reason
        ? new($"There is no connection to Redis at {Endpoint}.", reason)
        : new($"There is no connection to Redis at {Endpoint} yet.");

    /// <summary>Breaks both connections; others are made.</summary>
    internal void GiveUp(Exception reason)
    {
        connection?.Break(reason);
        batches?.GiveUp(reason);
    }

    /// <summary>Breaks the one for batches; another is made.</summary>
    internal void GiveUpBatches(Exception reason) => batches!.GiveUp(reason);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0)
            return;
        stopping.Cancel();
        stopping.Dispose();
        connection?.Dispose();
        batches?.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = PauseMin;
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                using var open = await OpenAsync();
                LedgerLog.Connected(log, Endpoint);
                var began = clock.GetTimestamp();
                connection = open;
                problem = null;
                Tell();
                try
                {
                    await WatchAsync(open);
                }
                finally
                {
                    problem = open.Reason;
                    connection = null;
                }

                if (!stopped.IsCancellationRequested)
                    LedgerLog.ConnectionLost(log, Endpoint, problem!.Message);
                Tell();
                if (clock.GetElapsedTime(began) > PauseMax)
                    pause = PauseMin;
            }
#pragma warning disable CA1031 // Whatever keeps it from connecting, it tries again; calls are told meanwhile.
            catch (Exception reason)
#pragma warning restore CA1031
            {
                // Once for each reason: it tries up to a hundred times a second.
                var told = reason.InnerException ?? reason;
                if (!stopped.IsCancellationRequested && told.Message != problem?.Message)
                    LedgerLog.NotConnected(log, Endpoint, told.Message);
                problem = told;
                tried.TrySetResult();
            }

            await Task.WhenAny(Task.Delay(pause, clock, stopped));
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }

        tried.TrySetResult();
    }

    private void Tell()
    {
        tried.TrySetResult();
        changed();
    }

    private async Task<RespConnection> OpenAsync()
    {
        using var timer = new CancellationTokenSource(configuration.ConnectTimeout, clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopped, timer.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        RespConnection? open = null;
        try
        {
            await socket.ConnectAsync(Endpoint.Host, Endpoint.Port, patience.Token);
            open = new RespConnection(await EncryptAsync(new NetworkStream(socket, ownsSocket: true), patience.Token), Endpoint.ToString(), clock);
            await ComeInAsync(open).WaitAsync(patience.Token);
            return open;
        }
        catch (OperationCanceledException) when (!stopped.IsCancellationRequested)
        {
            Close();
            throw new TimeoutException("It did not answer in time.");
        }
        catch
        {
            Close();
            throw;
        }

        void Close()
        {
            open?.Dispose();
            socket.Dispose();
        }
    }

    private async Task<Stream> EncryptAsync(NetworkStream plain, CancellationToken cancellation)
    {
        if (!configuration.IsEncrypted)
            return plain;
        var secret = new SslStream(plain);
        await secret.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = configuration.CertificateHost.Length > 0 ? configuration.CertificateHost : Endpoint.Host }, cancellation);
        return secret;
    }

    private async Task ComeInAsync(RespConnection open)
    {
        if (configuration.Password.Length > 0)
        {
            await open.CallAsync(configuration.User.Length > 0
                ? RespWriter.Write("AUTH", configuration.User, configuration.Password)
                : RespWriter.Write("AUTH", configuration.Password));
        }

        try
        {
            await open.CallAsync(RespWriter.Write("CLIENT", "SETNAME", configuration.ClientName));
        }
        catch (RedisErrorException refusal) when (refusal.IsUnwilling)
        {
            // It is for whoever looks at the server; a user that may not say it comes in without.
        }

        if (configuration.Database != 0)
            await open.CallAsync(RespWriter.Write("SELECT", configuration.Database));
    }

    private async Task WatchAsync(RespConnection open)
    {
        while (await Task.WhenAny(open.Ended, Task.Delay(Watch, clock, stopped)) != open.Ended)
        {
            if (stopped.IsCancellationRequested)
                open.Dispose();
            else if (open.IsWaiting && open.Silence > SilenceMax)
                open.Break(new TimeoutException("It has been silent for too long."));
            else if (open.Silence > QuietMax)
                _ = open.CallAsync(Ping);
        }
    }
}
