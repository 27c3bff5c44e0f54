using Processor.Testing;

namespace Processor.EndToEnd.Tests;

/// <summary>One chapter of a soak: a Redis or a Cluster, a Postgres and two hosts of its own, and one fault after the other while they work.</summary>
/// <param name="seed">Of the steps, the faults, and what the proxies do.</param>
/// <param name="length">How long it lasts; the comparison comes after.</param>
internal sealed class SoakChapter(int seed, TimeSpan length)
{
    private const int StepsMax = 60_000;
    private const int StepsOfRound = 500;

    // A fault takes seconds; one that does not end has lost an answer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(1);

    private readonly Random random = new(seed);
    private SoakFaults? faults;

    /// <summary>Steps that were answered.</summary>
    internal int Steps { get; private set; }

    /// <summary>What the proxies made of what passed them.</summary>
    internal int LineFaults { get; private set; }

    /// <summary>The faults that were made, oldest first.</summary>
    internal IReadOnlyList<string> Faults => faults?.Made ?? [];

    /// <summary>Plays it and compares.</summary>
    /// <param name="fail">Is told what went wrong before anything is taken down, which may not end either.</param>
    internal async Task RunAsync(Action<Exception> fail)
    {
        await using var parts = await SoakParts.OpenAsync(random);
        using var run = new RandomRun(parts.Pair, random, random.Next(20, 200), random.Next(1, 9)) { Patience = TimeSpan.FromMilliseconds(20), GiveUpOneIn = 4 };
        try
        {
            await PlayAsync(parts, run);
        }
        catch (Exception problem)
        {
            fail(problem is TimeoutException ? new TimeoutException(string.Join(Environment.NewLine, problem.Message, run.Describe(), parts.Pair.Describe())) : problem);
            throw;
        }
        finally
        {
            await parts.Pair.DisposeAsync().AsTask().WaitAsync(EndPatience);
        }
    }

    private async Task PlayAsync(SoakParts parts, RandomRun run)
    {
        await WithinAsync(run.OpenAsync(), parts, "The accounts were not opened.");
        faults = new SoakFaults(parts, new Random(random.Next()), awayMax: length / 2);
        var started = TimeProvider.System.GetTimestamp();
        do
        {
            var making = Task.Run(faults.MakeAsync);
            var playing = Task.Run(() => PlayUntilAsync(making, run));
            await WithinAsync(making, parts, "A fault did not end.");
            await WithinAsync(playing, parts, "A round did not end.");
        }
        while (TimeProvider.System.GetElapsedTime(started) < length && run.Answered < StepsMax);

        await WithinAsync(new ModelReplay(parts.Pair, run, parts.Database).CheckAsync(), parts, "The comparison did not end.");
        Steps = run.Answered;
        LineFaults = parts.Lines.Sum(line => line.FaultCount);
    }

    private static async Task PlayUntilAsync(Task isOver, RandomRun run)
    {
        do
        {
            await run.PlayAsync(StepsOfRound);
        }
        while (!isOver.IsCompleted);
    }

    /// <summary>Waits, but not for ever, and not for a host that has failed.</summary>
    private static async Task WithinAsync(Task task, SoakParts parts, string otherwise)
    {
        using var patience = new CancellationTokenSource();
        var isOver = Task.Delay(Patience, patience.Token);
        var ended = await Task.WhenAny([task, isOver, .. parts.Pair.Hosts.Select(host => host.Failed)]);
        await patience.CancelAsync();
        if (ended == task)
        {
            await task;
            return;
        }

        throw new TimeoutException(ended == isOver ? otherwise : "A host has failed.");
    }
}
