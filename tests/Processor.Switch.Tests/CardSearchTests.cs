using Microsoft.Extensions.Logging.Abstractions;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Switch.Tests;

/// <summary>A PAN of ours that the directory in Redis does not know.</summary>
public sealed class CardSearchTests : IDisposable
{
    private const string Missing = "4761739001010028";

    private readonly SwitchMetrics metrics = new();
    private readonly RecordList records = new();

    public void Dispose() => metrics.Dispose();

    [Theory]
    [InlineData("0100", "14")]
    [InlineData("0120", "14")]
    [InlineData("0200", "14")]
    [InlineData("0400", "25")]
    [InlineData("0420", "00")]
    public async Task That_no_record_knows_either_is_no_cards(string mti, string code)
    {
        using var under = new SwitchUnderTest(records: records);
        var peer = under.Open().Peer;

        Assert.Equal(code, (await peer.AskAsync(Messages.Purchase(mti, pan: Missing)))[39]);

        Assert.Empty(under.Ledger.Commands);
        Assert.Equal([1], records.Questions);
    }

    [Theory]
    [InlineData("0100")]
    [InlineData("0200")]
    [InlineData("0400")]
    public async Task While_the_records_cannot_be_asked_requests_are_told_91(string mti)
    {
        records.Way = Task.FromException(new TimeoutException("Postgres is away."));
        using var under = new SwitchUnderTest(records: records);
        var peer = under.Open().Peer;

        Assert.Equal("91", (await peer.AskAsync(Messages.Purchase(mti, pan: Missing)))[39]);

        Assert.Single(under.Log.Of(2027));
    }

    [Theory]
    [InlineData("0120")]
    [InlineData("0220")]
    [InlineData("0420")]
    public async Task While_the_records_cannot_be_asked_advices_hear_nothing_so_that_they_come_again(string mti)
    {
        records.Way = Task.FromException(new TimeoutException("Postgres is away."));
        using var under = new SwitchUnderTest(endpoint => endpoint.InFlightMax = 1, records: records);
        var peer = under.Open().Peer;

        // One message at a time: what comes behind the advice is read when that has ended.
        await peer.SendAsync(Messages.Purchase(mti, pan: Missing));

        await peer.AssertNothingElseCameAsync();
        Assert.Equal([1], records.Questions);
    }

    [Fact]
    public async Task Records_that_do_not_answer_are_not_waited_for_longer_than_a_sender_waits()
    {
        records.Way = new TaskCompletionSource().Task;
        var clock = new TestClock();
        var questions = new CardQuestions(records, clock, metrics, NullLogger.Instance);

        var answer = questions.AskAsync(new PanHash(1));
        clock.Advance(CardQuestions.Patience);

        Assert.Null(await answer.WaitAsync(Peer.Patience));
    }

    [Theory]
    [InlineData("0100", "91")]
    [InlineData("0400", "91")]
    public async Task A_recorded_card_whose_account_the_ledger_cannot_tell_of_is_not_said_not_to_exist(string mti, string code)
    {
        var pan = new PlainHasher().Hash(SwitchUnderTest.PanOf(Missing));
        records.Cards.Add(new RecordedCard(pan, new Ulid(3), new Ulid(4), Program: 7));
        using var under = new SwitchUnderTest(records: records);
        under.Ledger.Outcome = CommitOutcome.Unavailable;
        var peer = under.Open().Peer;

        Assert.Equal(code, (await peer.AskAsync(Messages.Purchase(mti, pan: Missing)))[39]);

        Assert.Single(under.Ledger.Commands);
    }

    [Fact]
    public async Task However_many_PANs_come_there_is_one_question_at_a_time_and_no_PAN_in_it_twice()
    {
        var way = new TaskCompletionSource();
        records.Way = way.Task;
        records.Cards.Add(new RecordedCard(new PanHash(300), new Ulid(3), new Ulid(4), Program: 7));
        var questions = new CardQuestions(records, TimeProvider.System, metrics, NullLogger.Instance);

        var first = questions.AskAsync(new PanHash(0));
        var others = Enumerable.Range(1, 1_200).Select(number => questions.AskAsync(new PanHash((UInt128)(1 + (number % 600))))).ToList();
        var began = TimeProvider.System.GetTimestamp();
        way.SetResult();
        var answers = await Task.WhenAll(others).WaitAsync(Peer.Patience);

        Assert.Empty((await first)!);
        Assert.All(answers, Assert.NotNull);
        Assert.Equal(2, answers.Count(answer => answer!.Count == 1));
        Assert.Equal([1, 256, 256, 88], records.Questions);
        Assert.False(records.IsCrowded);
        Assert.True(TimeProvider.System.GetElapsedTime(began) > 2 * CardQuestions.Rest, "The records had no rest.");
    }

    [Fact]
    public async Task Of_more_PANs_than_may_wait_nothing_is_known()
    {
        var way = new TaskCompletionSource();
        records.Way = way.Task;
        var questions = new CardQuestions(records, TimeProvider.System, metrics, NullLogger.Instance);
        var first = questions.AskAsync(new PanHash(0));
        var waiting = Enumerable.Range(1, CardQuestions.WaitingMax).Select(number => questions.AskAsync(new PanHash((UInt128)number))).ToList();

        Assert.Null(await questions.AskAsync(new PanHash(CardQuestions.WaitingMax + 1)).WaitAsync(Peer.Patience));
        way.SetException(new TimeoutException("Postgres is away."));

        // One question had no answer: the others are not asked, and nobody waits for them.
        Assert.Null(await first.WaitAsync(Peer.Patience));
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Peer.Patience), Assert.Null);
        Assert.Equal([1, CardQuestions.PansMax], records.Questions);
    }

    [Fact]
    public async Task What_the_records_did_not_know_is_not_remembered()
    {
        var questions = new CardQuestions(records, TimeProvider.System, metrics, NullLogger.Instance);

        Assert.Empty((await questions.AskAsync(new PanHash(5)).WaitAsync(Peer.Patience))!);
        records.Cards.Add(new RecordedCard(new PanHash(5), new Ulid(3), new Ulid(4), Program: 7));

        Assert.Single((await questions.AskAsync(new PanHash(5)).WaitAsync(Peer.Patience))!);
    }
}
