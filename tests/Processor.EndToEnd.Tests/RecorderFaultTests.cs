using Processor.Records;
using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Two recorders at once, one that stands still while another takes over, and a Postgres that is away: nothing is recorded
/// twice, nothing is lost, and all of it goes on by itself.</summary>
public sealed class RecorderFaultTests(PostgresFixture postgres) : LedgerServers(postgres)
{
    private const int AccountCount = 60;
    private const int HotCount = 6;
    private const int StepCount = 6_000;
    private const int Rounds = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public Task Two_recorders_that_take_from_each_other_record_everything_once(int masters) => Seeds.RunAsync(20260801, async random =>
    {
        await using var place = await RedisPlace.StartAsync(masters);
        await using var pair = await LedgerPair.OpenAsync(Settings() with { Redis = [place.ConnectionString] });
        using var second = pair.NewRecorder();
        await second.StartAsync(CancellationToken.None);
        using var run = new RandomRun(pair, random, AccountCount, HotCount);
        await run.OpenAsync();
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever comes first takes what the other had.
            var playing = run.PlayAsync(StepCount / Rounds);
            await pair.BreakLocksAsync();
            await playing;
        }

        await new ModelReplay(pair, run, Database).CheckAsync();
        await second.StopAsync(CancellationToken.None);
    });

    [Fact]
    public Task A_recorder_that_stood_still_while_another_took_over_records_nothing_twice() => Seeds.RunAsync(20260802, async random =>
    {
        PausableJournal still = null!;
        var clock = new MovableClock(TimeSpan.Zero);
        await using var pair = await LedgerPair.OpenAsync(Settings() with { Journal = journal => still = new PausableJournal(journal), RecorderClock = clock });
        using var run = new RandomRun(pair, random, AccountCount, HotCount);
        await run.OpenAsync();
        await run.PlayAsync(StepCount / 3);

        still.Pause();
        var playing = run.PlayAsync(StepCount / 3);
        await still.Reached.WaitAsync(Patience);
        await pair.BreakLocksAsync();
        using var other = pair.NewRecorder();
        await other.StartAsync(CancellationToken.None);
        await playing;
        await Eventually.IsAsync("the other recorder has recorded everything", Patience, async () => (await pair.MeasureAsync()).Sum() == 0);

        // The host of the one that stands still goes on, and lets go of what is recorded.
        await run.PlayAsync(StepCount / 3);

        // A minute later it goes on with entries that are recorded and gone. Its session has ended, and with it its locks; its position has
        // been moved. How long it stood still matters beyond that only to when it looks for its locks again.
        clock.Move(TimeSpan.FromMinutes(1));
        still.Resume();
        await run.PlayAsync(StepCount / 3);

        await new ModelReplay(pair, run, Database).CheckAsync();
        await other.StopAsync(CancellationToken.None);
    });

    [Fact]
    public Task At_the_bound_of_the_journal_nothing_is_taken_and_with_Postgres_it_goes_on() => Seeds.RunAsync(20260803, async random =>
    {
        const int EntriesMax = 200;
        await using var own = await LocalPostgres.StartOwnAsync();
        var database = await own.CreateDatabaseAsync() + ";Timeout=5";
        await using var pair = await LedgerPair.OpenAsync(Settings() with { Postgres = database, Ledger = settings => settings with { JournalEntriesMax = EntriesMax } });
        using var run = new RandomRun(pair, random, AccountCount, HotCount);
        await run.OpenAsync();
        await run.PlayAsync(StepCount / 3);
        await pair.DrainAsync();

        own.Kill();
        var entries = await pair.MeasureAsync();
        for (var round = 0; round < 100 && entries.Min() < EntriesMax; round++)
        {
            await run.PlayAsync(StepCount / 20);
            entries = await pair.MeasureAsync();
        }

        Assert.All(entries, count => Assert.Equal(EntriesMax, count));
        var refused = run.Unavailable;
        await run.PlayAsync(StepCount / 20);
        Assert.All(await pair.MeasureAsync(), count => Assert.Equal(EntriesMax, count));
        Assert.True(run.Unavailable - refused > StepCount / 40, $"Only {run.Unavailable - refused} of {StepCount / 20} steps were refused.");

        await own.RestartAsync();
        await Eventually.IsAsync("the journal is recorded", Patience, async () => (await pair.MeasureAsync()).Max() < EntriesMax);
        refused = run.Unavailable;
        await pair.DrainAsync();
        await run.PlayAsync(StepCount / 3);

        await new ModelReplay(pair, run, database).CheckAsync();
        Assert.True(run.Unavailable - refused < StepCount / 30, $"{run.Unavailable - refused} of {StepCount / 3} steps were refused when Postgres was back.");
    });

    private PairSettings Settings() => new()
    {
        Redis = [Redis.ConnectionString],
        Postgres = Database,

        // The bound of these tests is small, so the recorder may not rest for long.
        Records = settings => settings with
        {
            RetryInterval = TimeSpan.FromMilliseconds(50),
            LockInterval = TimeSpan.FromMilliseconds(100),
            RecorderRestMax = TimeSpan.FromMilliseconds(25),
        },
    };
}
