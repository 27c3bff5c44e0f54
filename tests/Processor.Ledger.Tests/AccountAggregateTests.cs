using System.Runtime.InteropServices;
using Processor.Cards;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>The verbs of an account, one by one.</summary>
public sealed class AccountAggregateTests
{
    private readonly AccountAggregate account = new(new Ulid(1), 0);

    public AccountAggregateTests()
    {
        account.BeginAt(1_000);
        account.Open(program: 1, currency: 978, creditLimit: 20);
        account.Post(978, 100);
    }

    [Fact]
    public void Available_is_posted_less_held_plus_the_credit_limit()
    {
        Hold(1, 30);

        Assert.Equal(100 - 30 + 20, account.Balance(0).Available);
    }

    [Fact]
    public void A_released_hold_gives_back_what_it_held_and_is_kept_with_its_answer()
    {
        var slot = Hold(1, 30);

        var released = account.Release(slot, HoldState.Released);

        Assert.Equal(30, released);
        Assert.Equal(0, account.Balance(0).Held);
        Assert.Equal((HoldState.Released, 1_000), (account.Hold(slot).State, account.Hold(slot).ResolvedAt));
        Assert.Equal((0, long.MaxValue), (account.Account.OpenHolds, account.Account.NextDue));
    }

    [Fact]
    public void A_released_hold_cannot_be_released_again()
    {
        var slot = Hold(1, 30);
        account.Release(slot, HoldState.Released);

        Assert.Throws<InvalidOperationException>(() => account.Release(slot, HoldState.Released));
    }

    [Fact]
    public void The_earliest_expiry_or_deadline_is_awaited()
    {
        Hold(1, 1, expiresAt: 9_000);
        account.AddHold(2, new HoldRecord { State = HoldState.Pending, BillingCurrency = 978, Held = 1, ExpiresAt = 8_000, Deadline = 2_000 });

        Assert.Equal(2_000, account.Account.NextDue);
    }

    [Fact]
    public void Time_never_runs_back()
    {
        account.BeginAt(500);

        Assert.Equal(1_000, account.Now);
    }

    [Fact]
    public void The_ninth_decline_takes_the_place_of_the_first()
    {
        for (UInt128 key = 1; key <= 9; key++)
            account.RememberDecline(1, key, 5, 978, DeclineReason.InsufficientFunds);

        Assert.False(account.TryFindDecline(1, 1, out _));
        Assert.True(account.TryFindDecline(1, 2, out _));
        Assert.True(account.TryFindDecline(1, 9, out _));
    }

    [Fact]
    public void Resolved_holds_leave_only_after_their_window_and_when_Postgres_has_them()
    {
        var slot = Hold(1, 30);
        account.Release(slot, HoldState.Released);
        Hold(2, 30);
        account.ClearChanges();
        const long window = 600_000;

        account.BeginAt(1_000 + window);
        account.Prune(window, projectedThrough: long.MaxValue);
        Assert.True(account.FindHold(1) >= 0);

        account.BeginAt(1_000 + window + 20_000);
        account.Prune(window, projectedThrough: 1_000);
        Assert.True(account.FindHold(1) >= 0);

        account.BeginAt(1_000 + window + 40_000);
        account.Prune(window, projectedThrough: 10_000_000);
        Assert.Equal(-1, account.FindHold(1));
        Assert.True(account.FindHold(2) >= 0);
    }

    [Fact]
    public void A_posting_that_was_undone_later_stays_until_Postgres_has_that_too()
    {
        var slot = account.AddHold(1, new HoldRecord { State = HoldState.Posted, BillingCurrency = 978, PostedDelta = -30 });
        account.ClearChanges();
        const long window = 600_000;
        account.BeginAt(10_000_000);
        account.ChangeHold(slot).PostedDelta = 0;
        account.ClearChanges();

        account.BeginAt(10_000_000 + window + 1);
        account.Prune(window, projectedThrough: 9_000_000);

        Assert.True(account.FindHold(1) >= 0);
    }

    [Fact]
    public void A_tombstone_taken_in_from_elsewhere_leaves_as_it_came()
    {
        var record = new HoldRecord { State = HoldState.Tombstone };
        var value = MemoryMarshal.AsBytes(new ReadOnlySpan<HoldRecord>(in record)).ToArray();

        Assert.True(account.LoadHold(5, value));
        Assert.False(account.LoadHold(5, value));
        account.ForgetHold(5);
        account.BeginAt(10_000_000);
        account.Prune(repeatWindow: 1, projectedThrough: long.MaxValue);

        Assert.Equal(-1, account.FindHold(5));
        Assert.Equal(0, account.Account.Tombstones);
    }

    [Fact]
    public void A_hold_taken_in_from_elsewhere_stays_when_it_was_changed()
    {
        var record = new HoldRecord { State = HoldState.Posted, BillingCurrency = 978, PostedDelta = -30 };
        account.LoadHold(5, MemoryMarshal.AsBytes(new ReadOnlySpan<HoldRecord>(in record)).ToArray());
        account.ChangeHold(account.FindHold(5)).PostedDelta = 0;

        account.ForgetHold(5);

        Assert.Equal(0, account.Hold(account.FindHold(5)).PostedDelta);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_a_purchase_named_by_the_networks_id_what_holds_is_meant_then_the_request_wherever_it_lies(bool isTurned)
    {
        UInt128[] keys = isTurned ? [3, 2, 1] : [1, 2, 3];
        var advice = new HoldRecord { Card = 1, NetworkId = 99, Class = MessageClass.FinancialAdvice, BillingCurrency = 978, ExpiresAt = long.MaxValue };
        foreach (var key in keys)
        {
            account.AddHold(key, (int)key switch
            {
                1 => advice with { State = HoldState.Posted, Class = MessageClass.Authorization },
                2 => advice with { State = HoldState.Open },
                _ => advice with { State = HoldState.Posted },
            });
        }

        var query = new OriginalQuery { Card = 1, NetworkId = 99 };
        Assert.Equal(account.FindHold(2), account.FindOriginal(in query));
        account.Release(account.FindHold(2), HoldState.Released);
        Assert.Equal(account.FindHold(1), account.FindOriginal(in query));
    }

    [Fact]
    public void Money_that_a_long_cannot_hold_is_an_error_and_not_a_wrong_balance() =>
        Assert.Throws<OverflowException>(() => account.Post(978, long.MaxValue));

    [Fact]
    public void An_original_is_found_by_each_of_its_three_names_and_only_on_its_card()
    {
        var record = new HoldRecord
        {
            State = HoldState.Open,
            Card = 1,
            Network = 3,
            Class = MessageClass.Authorization,
            BillingCurrency = 978,
            Stan = 123,
            Transmission = 1231235959,
            Acquirer = 42,
            NetworkId = 99,
            ExpiresAt = long.MaxValue,
        };
        "RRN000000001"u8.CopyTo(record.RetrievalReference);
        "TERM0001"u8.CopyTo(record.Terminal);
        var slot = account.AddHold(1, record);

        var query = new OriginalQuery { Card = 1, Network = 3 };
        Assert.Equal(slot, account.FindOriginal(query with { Stan = 123, Transmission = 1231235959, OriginalAcquirer = 42, Class = MessageClass.Authorization }));
        Assert.Equal(slot, account.FindOriginal(query with { Stan = 123 }));
        Assert.Equal(-1, account.FindOriginal(query with { Stan = 124, Transmission = 1231235959 }));
        Assert.Equal(slot, account.FindOriginal(query with { NetworkId = 99 }));
        var reference = query with { Acquirer = 42 };
        "RRN000000001"u8.CopyTo(reference.RetrievalReference);
        "TERM0001"u8.CopyTo(reference.Terminal);
        Assert.Equal(slot, account.FindOriginal(reference));
        Assert.Equal(-1, account.FindOriginal(reference with { Card = 2 }));
        Assert.Equal(-1, account.FindOriginal(reference with { Acquirer = 43 }));
    }

    [Fact]
    public void An_account_whose_next_due_moment_alone_is_another_has_changed()
    {
        account.SetNextDue(long.MaxValue);
        account.ClearChanges();

        account.SetNextDue(long.MaxValue);
        Assert.False(account.IsChanged);
        account.SetNextDue(7);
        Assert.True(account.IsChanged);
        account.ClearChanges();
        Assert.False(account.IsChanged);
    }

    private int Hold(UInt128 key, long amount, long expiresAt = long.MaxValue) =>
        account.AddHold(key, new HoldRecord { State = HoldState.Open, BillingCurrency = 978, Held = amount, ExpiresAt = expiresAt });
}
