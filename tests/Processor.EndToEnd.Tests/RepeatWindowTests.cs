using Processor.Testing;
using Xunit;

namespace Processor.EndToEnd.Tests;

/// <summary>Time passes, Redis lets go of what was resolved, and the window of repeats closes: from then on Postgres answers for it.</summary>
public sealed class RepeatWindowTests(PostgresFixture postgres) : LedgerServers(postgres)
{
    private const int AccountCount = 40;
    private const int HotCount = 6;
    private const int Rounds = 4;
    private const int StepsOfRound = 1_000;
    private const int StepsBetween = 100;
    private const int RepeatsOfRound = 10;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public Task What_Redis_has_let_go_answers_repeats_reversals_and_completions_from_Postgres_as_in_a_plain_model() => Seeds.RunAsync(20260702, async random =>
    {
        var history = new CountedHistory();
        var clock = new MovableClock(TimeSpan.Zero);
        await using var pair = await LedgerPair.OpenAsync(new PairSettings
        {
            Redis = [Redis.ConnectionString],
            Postgres = Database,
            Clocks = [clock],
            RecorderClock = clock,
            RepeatWindow = Window,
            History = history.Of,
        });

        // A change of a card's status is looked for in Redis alone, where it is forgotten, as are declines that the card's record has no room
        // for: a repeat of one is carried out anew.
        using var run = new RandomRun(pair, random, AccountCount, HotCount) { RepeatsForgotten = false };
        await run.OpenAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await run.PlayAsync(StepsOfRound);
            await pair.DrainAsync();
            clock.Move(Window + TimeSpan.FromMinutes(1));

            // A message that is in Redis is not looked for in Postgres.
            var found = history.Repeats;
            await Eventually.IsAsync("repeats are found in Postgres", Patience, async () =>
            {
                await run.PlayAsync(StepsBetween);
                return history.Repeats >= found + RepeatsOfRound;
            });
        }

        await run.PlayAsync(StepsOfRound);
        await new ModelReplay(pair, run, Database).CheckAsync();
        Assert.Equal(0, run.Unavailable);
        Assert.True(history.Originals > Rounds * RepeatsOfRound, $"Only {history.Originals} originals were found in Postgres.");
    });
}
