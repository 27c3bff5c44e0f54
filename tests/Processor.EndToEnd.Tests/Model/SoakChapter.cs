using Processor.Testing;

namespace Processor.EndToEnd.Tests;

/// <summary>One chapter of a soak: a Redis, a Postgres and two hosts of its own, and one fault after the other while they work.</summary>
/// <param name="seed">Of the steps, the faults, and what the proxies do.</param>
/// <param name="length">How long it lasts; the comparison comes after.</param>
internal sealed class SoakChapter(int seed, TimeSpan length)
{
    private const int StepsMax = 60_000;
    private const int StepsOfRound = 2_000;

    // A round takes seconds; one that does not end has lost an answer.
    private static readonly TimeSpan RoundPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FaultMax = TimeSpan.FromSeconds(1);

    private readonly Random random = new(seed);
    private readonly List<string> told = [];

    /// <summary>Steps that were answered.</summary>
    internal int Steps { get; private set; }

    /// <summary>Faults that were made, those of the proxies as well.</summary>
    internal int Faults { get; private set; }

    /// <summary>The faults of its latest rounds, for a failure's message.</summary>
    internal string Told => string.Join(", ", told.TakeLast(5));

    /// <summary>Plays it and compares.</summary>
    /// <param name="fail">Is told what went wrong before anything is taken down, which may not end either.</param>
    internal async Task RunAsync(Action<Exception> fail)
    {
        await using var redis = await LocalRedis.StartOwnAsync();
        await using var postgres = await LocalPostgres.StartOwnAsync();
        var database = await postgres.CreateDatabaseAsync() + ";Timeout=5";
        await using var first = RedisProxy.Start(redis.Port, random.Next());
        await using var second = RedisProxy.Start(redis.Port, random.Next());
        var entriesMax = random.Next(2) == 0 ? 500_000 : 2_000;
        var pair = await LedgerPair.OpenAsync(new PairSettings
        {
            Redis = [first.ConnectionString, second.ConnectionString],
            Postgres = database,
            Clocks = [new MovableClock(TimeSpan.FromSeconds(random.Next(-60, 60))), new MovableClock(TimeSpan.FromSeconds(random.Next(-60, 60)))],
            Ledger = settings => settings with { CallTimeout = TimeSpan.FromMilliseconds(100), JournalEntriesMax = entriesMax },
            Records = settings => settings with { RetryInterval = TimeSpan.FromMilliseconds(50), LockInterval = TimeSpan.FromMilliseconds(100) },
        });
        var accounts = random.Next(20, 200);
        using var run = new RandomRun(pair, random, accounts, random.Next(1, 9)) { Patience = TimeSpan.FromMilliseconds(20), GiveUpOneIn = 4 };
        try
        {
            await PlayAsync(new SoakParts(redis, postgres, [first, second], pair, run), database);
        }
        catch (Exception problem)
        {
            fail(problem);
            throw;
        }
        finally
        {
            await pair.DisposeAsync().AsTask().WaitAsync(EndPatience);
        }
    }

    private async Task PlayAsync(SoakParts parts, string database)
    {
        var run = parts.Run;
        await WithinAsync(run.OpenAsync(), parts, "The accounts were not opened.");
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < length && run.Answered < StepsMax)
        {
            // Drawn before the round, for its steps draw from the same dice.
            var fault = random.Next(8);
            var host = random.Next(2);
            var wait = FaultMax * random.NextDouble();
            var playing = Task.Run(() => run.PlayAsync(StepsOfRound));
            await WithinAsync(FailAsync(fault, host, wait, parts, playing), parts, "A fault did not end.");
            await WithinAsync(playing, parts, "A round did not end.");
        }

        foreach (var line in parts.Lines)
            (line.Faults, line.Distance) = (ProxyFaults.None, TimeSpan.Zero);
        await WithinAsync(new ModelReplay(parts.Pair, run, database).CheckAsync(), parts, "The comparison did not end.");
        Steps = run.Answered;
        Faults += parts.Lines.Sum(line => line.FaultCount);
    }

    /// <summary>Waits, but not for ever, and not for a host that has failed.</summary>
    private static async Task WithinAsync(Task task, SoakParts parts, string otherwise)
    {
        using var patience = new CancellationTokenSource();
        var isOver = Task.Delay(RoundPatience, patience.Token);
        var ended = await Task.WhenAny([task, isOver, .. parts.Pair.Hosts.Select(host => host.Failed)]);
        await patience.CancelAsync();
        if (ended == task)
        {
            await task;
            return;
        }

        var found = ended == isOver ? otherwise : "A host has failed.";
        throw new TimeoutException(string.Join(Environment.NewLine, found, parts.Run.Describe(), parts.Pair.Describe()));
    }

    private async Task FailAsync(int fault, int host, TimeSpan wait, SoakParts parts, Task playing)
    {
        Faults++;
        var line = parts.Lines[host];
        switch (fault)
        {
            case 0:
                told.Add("nothing");
                break;
            case 1:
                told.Add($"a faulty line of host {host}");
                line.Faults = ProxyFaults.All(1 / 300.0);
                await playing;
                line.Faults = ProxyFaults.None;
                break;
            case 2:
                told.Add($"a cut line of host {host}");
                line.Cut();
                break;
            case 3:
                told.Add($"a longer line of host {host}");
                line.Distance = line.Distance > TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(1);
                break;
            case 4:
                told.Add("a killed Redis");
                parts.Redis.Kill();
                await parts.Redis.RestartAsync();
                break;
            case 5:
                told.Add("a killed Postgres");
                parts.Postgres.Kill();
                await Task.WhenAny(playing, Task.Delay(wait));
                await parts.Postgres.RestartAsync();
                break;
            case 6:
                told.Add($"host {host} started again");
                await parts.Pair.RestartHostAsync(host);
                break;
            default:
                told.Add("recorders without their locks");
                await parts.Pair.BreakLocksAsync();
                break;
        }
    }

    private sealed record SoakParts(LocalRedis Redis, LocalPostgres Postgres, IReadOnlyList<RedisProxy> Lines, LedgerPair Pair, RandomRun Run);
}
