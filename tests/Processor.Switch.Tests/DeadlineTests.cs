using Processor.Authorization;
using Processor.Cards;
using Processor.Ledger;

namespace Processor.Switch.Tests;

public sealed class DeadlineTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(2000);

    private readonly SwitchUnderTest under = new();

    public DeadlineTests() => under.Ledger.IsHolding = true;

    public void Dispose() => under.Dispose();

    [Fact]
    public async Task A_request_that_is_not_decided_in_time_is_told_91_and_not_before()
    {
        var peer = under.Open().Peer;
        await peer.SendAsync(Messages.Purchase());
        await under.Ledger.TakeAsync();

        under.Clock.Advance(Deadline - TimeSpan.FromMilliseconds(1));
        await peer.AssertNothingElseCameAsync();
        under.Clock.Advance(TimeSpan.FromMilliseconds(50));

        Assert.Equal("91", (await peer.ReceiveAsync())[39]);
    }

    [Theory]
    [InlineData("0100")]
    [InlineData("0200")]
    public async Task A_decision_that_commits_after_its_deadline_is_undone_at_once_and_its_repeats_are_told_91(string mti)
    {
        var peer = under.Open().Peer;
        await peer.SendAsync(Messages.Purchase(mti));
        var late = await under.Ledger.TakeAsync();
        await peer.SendAsync(Messages.Purchase(mti[..3] + "1"));
        var repeat = await under.Ledger.TakeAsync();
        var key = late.Key;
        var account = late.AccountId;
        Assert.Equal(key, repeat.Key);
        under.Clock.Advance(Deadline / 2);
        await peer.SendAsync(Messages.Purchase(mti[..3] + "1"));
        var another = await under.Ledger.TakeAsync();
        under.Clock.Advance(Deadline / 2 + TimeSpan.FromMilliseconds(50));
        Assert.Equal("91", (await peer.ReceiveAsync())[39]);
        Assert.Equal("91", (await peer.ReceiveAsync())[39]);

        under.Ledger.Complete(late);
        var undo = Assert.IsType<LateReleaseCommand>(await under.Ledger.TakeAsync());
        under.Ledger.Complete(another);

        Assert.Equal("91", (await peer.ReceiveAsync())[39]);
        Assert.Equal(key, undo.RequestKey);
        Assert.Equal(account, undo.AccountId);
        await peer.AssertNothingElseCameAsync();
    }

    [Fact]
    public async Task Once_a_late_decision_is_undone_its_key_is_as_any_other()
    {
        var peer = under.Open().Peer;
        await peer.SendAsync(Messages.Purchase());
        var late = await under.Ledger.TakeAsync();
        var key = late.Key;
        under.Clock.Advance(Deadline * 2);
        await peer.ReceiveAsync();
        under.Ledger.Complete(late);
        var first = await under.Ledger.TakeAsync();

        under.Ledger.Complete(first, CommitOutcome.Unavailable);
        Assert.True(under.Board.LateRequests.Has(key));
        while (under.Ledger.Commands.Count < 2)
            under.Clock.Advance(TimeSpan.FromMilliseconds(250));
        under.Ledger.Complete(await under.Ledger.TakeAsync());

        await Until(() => !under.Board.LateRequests.Has(key));
    }

    [Theory]
    [InlineData(CommitOutcome.Unavailable)]
    [InlineData(CommitOutcome.Failed)]
    public async Task What_was_not_committed_is_not_undone(CommitOutcome outcome)
    {
        var peer = under.Open().Peer;
        await peer.SendAsync(Messages.Purchase());
        var late = await under.Ledger.TakeAsync();
        var key = late.Key;
        under.Clock.Advance(Deadline * 2);
        Assert.Equal("91", (await peer.ReceiveAsync())[39]);

        under.Ledger.Complete(late, outcome);

        Assert.Empty(under.Ledger.Commands);
        Assert.False(under.Board.LateRequests.Has(key));
        await peer.AssertNothingElseCameAsync();
    }

    [Fact]
    public async Task A_late_repeat_of_what_was_approved_in_time_undoes_nothing()
    {
        var peer = under.Open().Peer;
        await peer.SendAsync(Messages.Purchase());
        under.Ledger.Complete(await under.Ledger.TakeAsync());
        Assert.Equal("00", (await peer.ReceiveAsync())[39]);
        await peer.SendAsync(Messages.Purchase("0101"));
        var repeat = await under.Ledger.TakeAsync();
        under.Clock.Advance(Deadline * 2);
        Assert.Equal("91", (await peer.ReceiveAsync())[39]);

        repeat.Result = DecideResult.Unchanged;
        under.Ledger.Complete(repeat);

        Assert.Empty(under.Ledger.Commands);
    }

    [Fact]
    public async Task What_the_deadline_has_answered_is_known_to_the_decision()
    {
        var peer = under.Open().Peer;
        await peer.SendAsync(Messages.Purchase());
        await peer.SendAsync(Messages.Purchase("0420"));
        var request = (AuthorizationOperation)await under.Ledger.TakeAsync();
        var reversal = (AuthorizationOperation)await under.Ledger.TakeAsync();
        Assert.False(request.IsAbandoned);

        under.Clock.Advance(Deadline * 2);

        Assert.True(request.IsAbandoned);
        Assert.False(reversal.IsAbandoned);
    }

    [Theory]
    [InlineData("0120")]
    [InlineData("0220")]
    [InlineData("0420")]
    public async Task An_advice_is_acknowledged_when_it_is_committed_however_late(string mti)
    {
        under.Ledger.Decide = static _ => new AuthorizationAnswer { Kind = AnswerKind.Accepted };
        var peer = under.Open().Peer;
        await peer.SendAsync(Messages.Purchase(mti));
        var advice = await under.Ledger.TakeAsync();
        under.Clock.Advance(Deadline * 2);
        await peer.AssertNothingElseCameAsync();

        under.Ledger.Complete(advice);

        Assert.Equal("00", (await peer.ReceiveAsync())[39]);
        Assert.Empty(under.Ledger.Commands);
    }

    [Fact]
    public async Task A_late_reversal_stays_done()
    {
        under.Ledger.Decide = static _ => new AuthorizationAnswer { Kind = AnswerKind.Accepted };
        var peer = under.Open().Peer;
        await peer.SendAsync(Messages.Purchase("0400"));
        var reversal = await under.Ledger.TakeAsync();
        under.Clock.Advance(Deadline * 2);
        Assert.Equal("91", (await peer.ReceiveAsync())[39]);

        under.Ledger.Complete(reversal);

        Assert.Empty(under.Ledger.Commands);
        await peer.AssertNothingElseCameAsync();
    }

    [Fact]
    public async Task The_deadline_gives_the_place_in_flight_back()
    {
        using var narrow = new SwitchUnderTest(endpoint => endpoint.InFlightMax = 1);
        narrow.Ledger.IsHolding = true;
        var line = narrow.Open();
        await line.Peer.SendAsync(Messages.Purchase(stan: "000001"));
        var first = await narrow.Ledger.TakeAsync();
        narrow.Clock.Advance(Deadline / 2);
        await line.Peer.SendAsync(Messages.Purchase(stan: "000002"));

        narrow.Clock.Advance(Deadline / 2 + TimeSpan.FromMilliseconds(50));
        var second = await narrow.Ledger.TakeAsync();
        narrow.Ledger.Complete(second);
        narrow.Ledger.Complete(first);

        Assert.Equal("91", (await line.Peer.ReceiveAsync())[39]);
        Assert.Equal("00", (await line.Peer.ReceiveAsync())[39]);
    }

    [Fact]
    public async Task A_card_that_is_found_too_late_is_submitted_so_that_its_91_is_kept()
    {
        var found = new TaskCompletionSource();
        under.Cards.Far = found.Task;
        under.Cards.Add(SwitchUnderTest.PanOf("4761739001010028"), isNear: false);
        var line = under.Open();
        await line.Peer.SendAsync(Messages.Purchase(pan: "4761739001010028"));
        await Until(() => under.Cards.Lookups == 1);

        under.Clock.Advance(Deadline * 2);
        Assert.Equal("91", (await line.Peer.ReceiveAsync())[39]);
        found.SetResult();

        Assert.True(((AuthorizationOperation)await under.Ledger.TakeAsync()).IsAbandoned);
    }

    [Fact]
    public async Task A_91_that_the_ledger_has_kept_is_not_undone()
    {
        under.Ledger.Decide = static _ => new AuthorizationAnswer { Kind = AnswerKind.Declined, Reason = DeclineReason.IssuerUnavailable };
        var peer = under.Open().Peer;
        await peer.SendAsync(Messages.Purchase());
        var late = await under.Ledger.TakeAsync();
        var key = late.Key;
        under.Clock.Advance(Deadline * 2);
        Assert.Equal("91", (await peer.ReceiveAsync())[39]);

        under.Ledger.Complete(late);

        Assert.Empty(under.Ledger.Commands);
        Assert.False(under.Board.LateRequests.Has(key));
        await peer.AssertNothingElseCameAsync();
    }

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Peer.Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
